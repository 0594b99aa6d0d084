"""결제: charges, refunds, virtual accounts, billing keys, the checkout."""
