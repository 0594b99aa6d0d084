"""Pages for the browser: `iamport.js`, the payment window, the verification window, the dashboard."""
