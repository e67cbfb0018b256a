"""A company's words laid over the shipped ones, as trees: every value still knows its file and line."""

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.playbooks.model import Part
from bot.playbooks.sections import Section

EXTENDS = "extends"


def field(node: MappingNode, name: str) -> Node | None:
    """The value written under a field."""
    return next((value for key, value in node.value if key.value == name), None)


def without(node: MappingNode, name: str) -> MappingNode:
    """The same tree without one field."""
    kept = [(key, value) for key, value in node.value if key.value != name]
    return MappingNode(node.tag, kept, node.start_mark, node.end_mark)


def merged(base: MappingNode, extra: MappingNode, section: Section[Part]) -> MappingNode:
    """`base` with what `extra` says: fields replaced or added, the lists that the section names joined."""
    over = {key.value: (key, value) for key, value in extra.value}
    fields = []
    for key, value in base.value:
        if key.value in over:
            own_key, own_value = over.pop(key.value)
            fields.append((own_key, _joined(key.value, value, own_value, section)))
        else:
            fields.append((key, value))
    return MappingNode(base.tag, [*fields, *over.values()], extra.start_mark, extra.end_mark)


def _joined(name: str, base: Node, extra: Node, section: Section[Part]) -> Node:
    if isinstance(base, MappingNode) and isinstance(extra, MappingNode):
        return merged(base, extra, section)
    if not (isinstance(base, SequenceNode) and isinstance(extra, SequenceNode)):
        return extra
    if name in section.joined:
        items = [*base.value, *extra.value]
    elif name in section.keyed:
        items = _by_key(base.value, extra.value, section.keyed[name])
    else:
        return extra
    return SequenceNode(base.tag, items, extra.start_mark, extra.end_mark)


def _by_key(base: list[Node], extra: list[Node], key: str) -> list[Node]:
    """New items come first, since a company's own words are meant to be seen before ours."""
    ours = [_name(it, key) for it in base]
    replaced = {name: it for it in extra if (name := _name(it, key)) in ours and name is not None}
    new = [it for it in extra if _name(it, key) not in replaced]
    return [*new, *(replaced.get(name or "", it) for name, it in zip(ours, base, strict=True))]


def _name(item: Node, key: str) -> str | None:
    value = field(item, key) if isinstance(item, MappingNode) else None
    return value.value if isinstance(value, ScalarNode) else None
