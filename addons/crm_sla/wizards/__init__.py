from . import crm_task_creation
