"""Views of the applicant face."""
