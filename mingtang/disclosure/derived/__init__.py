"""底账生公示: public lists that nobody types. Each is composed from records, frozen, checked, shown and taken down."""
