from . import crm_task_creation
from . import crm_sla_recompute
from . import crm_sla_recompute_line
from . import crm_sla_compliance
