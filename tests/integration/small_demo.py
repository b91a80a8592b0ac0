"""The demo's smallest configuration, for tests of what builds do to a folder or a target."""

from sresnap.demo import demo_config


def small_demo(url: str) -> str:
    """The text of a configuration with one service and a window of three days. It takes half of the CPU of 28 days."""
    return demo_config(1, url=url).replace("window: 28d", "window: 3d")
