"""A command that holds others, such as `costkit prices`, made so that all of them look alike."""

from cyclopts import App, Parameter


def group(name: str) -> App:
    """Its help stands in `app.COMMANDS`."""
    return App(name=name, help_format="plaintext", default_parameter=Parameter(show_env_var=False))
