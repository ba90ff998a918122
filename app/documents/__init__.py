"""Papers that leave the house as PDF: receipt and decision letter.

Pure: frozen data in, bytes out; no clock, no database.
"""
