"""The Streamlit app: layout and wording over `aigc_report` and the run store. It never loads torch."""
