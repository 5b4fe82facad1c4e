"""What the add-on gives back when it goes."""

#: Domain of core's *Project → My Tasks* (``project/views/project_task_views.xml``).
CORE_MY_TASKS = "[('user_ids', 'in', uid), ('has_template_ancestor', '=', False)]"


def uninstall_hook(env):
    """Core's *My Tasks* must not look for fields that are no more."""
    action = env.ref("project.action_view_my_task", raise_if_not_found=False)
    if action and "managed_by" in (action.domain or ""):
        action.domain = CORE_MY_TASKS
