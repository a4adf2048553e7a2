"""Brings the catalogs in step with the texts and compiles them: `make translations`; exits 1 while any is missing."""

import sys

from translations.catalog import bring_in_step, catalog_path, find_faults, read_catalog
from translations.messages import find_messages

LANGUAGES = ("de",)


def main() -> int:
    """Write every catalog anew, compiled too, and tell what is missing."""
    messages = find_messages()
    faults = []
    for language in LANGUAGES:
        catalog = read_catalog(language)
        bring_in_step(catalog, messages)
        catalog.save()
        catalog.save_as_mofile(str(catalog_path(language).with_suffix(".mo")))
        faults += [f"{language}: {fault}" for fault in find_faults(catalog, messages)]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
