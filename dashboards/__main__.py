"""The server as a program: what ``streamlit run`` does, ended by Ctrl-C as it is meant to be, with exit status 0."""

import sys

import click
from streamlit.web import cli

try:
    cli.main(standalone_mode=False)
except (KeyboardInterrupt, click.Abort):  # uvicorn has closed down in good order before it sends the signal on
    sys.exit(0)
except click.ClickException as error:
    error.show()
    sys.exit(error.exit_code)
