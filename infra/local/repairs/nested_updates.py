"""What did not change in a nested stack keeps its attributes when the stack is updated.

MiniStack forgets them, so that the first thing that refers to one (the table to its key)
fails the update: a restored table could not be put in place of the stack's own.
"""

from ministack.services.cloudformation import _stacks, provisioners


def apply() -> None:
    update = provisioners._update_resource

    def update_and_remember(kind, physical_id, old, new, stack_name, logical_id=None, old_attrs=None):
        if old_attrs is None:
            known = (_stacks.get(stack_name) or {}).get("_resources", {})
            same = (one for one in known.values() if one.get("PhysicalResourceId") == physical_id)
            old_attrs = next(same, {}).get("Attributes")
        return update(kind, physical_id, old, new, stack_name, logical_id, old_attrs)

    provisioners._update_resource = update_and_remember
