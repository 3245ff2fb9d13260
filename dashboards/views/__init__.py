"""One short script per page, run by Streamlit; see `dashboards.app`."""
