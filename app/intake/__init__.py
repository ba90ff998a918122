"""From what a person typed to what a proposal says: reading, checking, cross-checking. Pure but for the forms.

Never touches the database, the request or the clock; `forms.py` alone knows WTForms.
"""
