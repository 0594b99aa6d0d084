"""From the bundled document to the text of `generated/`: parse, decide in Python objects, render.

`document` reads the raw nodes, `parser` lets openapi-python-client judge them, `kinds` decides what each value is in
Python, `models` and `operations` make the views that the templates print, `render` prints them.
"""
