"""Only samenspraak/settings.py reads the environment; the rest receives options."""

from tests.architecture.source import modules

READS = {"environ", "environb", "getenv", "getenvb"}


def test_the_environment_is_read_in_one_place() -> None:
    strays = [
        f"{module.path}:{line}"
        for module in modules()
        if not module.lies_in("samenspraak/settings.py")
        for line in [
            *(found.line for found in module.imports() if found.module == "os" and found.name in READS),
            *(node.lineno for node in module.attributes() if node.attr in READS),
            # click reads it too, when an option names a variable
            *(
                call.lineno
                for call in module.calls()
                if {"envvar", "auto_envvar_prefix"} & {word.arg for word in call.keywords}
            ),
        ]
    ]
    assert not strays
