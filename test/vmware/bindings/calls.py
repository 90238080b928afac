"""Makes calls by VMware's own bindings, and prints what they were told as one JSON object."""

import json
import os
import time

from com.vmware.cis_client import Session
from com.vmware.snapservice.clusters.virtual_machines_client import Snapshots
from com.vmware.snapservice.clusters_client import VirtualMachines
from com.vmware.snapservice.info_client import About
from com.vmware.snapservice_client import Sessions, Tasks
from com.vmware.vcenter_client import VM
from rest import configuration, typed
from vmware.vapi.bindings.error import VapiError
from vmware.vapi.exception import CoreException
from vmware.vapi.security.session import create_session_security_context
from vmware.vapi.security.user_password import create_user_password_security_context

APPLIANCE = os.environ["APPLIANCE_URL"]
VCENTER = os.environ["VCENTER_URL"]
WEB_01 = ("domain-c8", "vm-1001")
OPEN = ("PENDING", "RUNNING", "BLOCKED")
# A task that lasts longer is an error.
TASK_LIMIT_S = 30
POLL_EVERY_S = 0.05


def credentials(password=os.environ["VSPHERE_PASSWORD"]):
    return create_user_password_security_context(os.environ["VSPHERE_USERNAME"], password)


def refused(call, *given):
    """The class of VMware's error, and the type that it names."""
    try:
        call(*given)
    except VapiError as error:
        return [type(error).__name__, str(error.error_type)]
    return "not refused"


def end_of(tasks, task):
    until = time.monotonic() + TASK_LIMIT_S
    while (info := tasks.get(task)).status in OPEN:
        if time.monotonic() > until:
            raise TimeoutError(f"the task {task} did not end")
        time.sleep(POLL_EVERY_S)
    return {
        "status": info.status,
        "operation": info.operation,
        "target": info.target.id,
        "user": info.user,
        "result": info.result.value if info.result else None,
        "lasted": info.end_time >= info.start_time,
    }


def ask_appliance(told):
    told["version"] = About(configuration(APPLIANCE)).get().version
    told["wrongPassword"] = refused(Sessions(configuration(APPLIANCE, credentials("wrong"))).create)
    session = Sessions(configuration(APPLIANCE, credentials())).create()
    config = configuration(APPLIANCE, create_session_security_context(session))
    told["user"] = Sessions(config).get().user

    vms, tasks = VirtualMachines(config), Tasks(config)
    found = vms.list(WEB_01[0], VirtualMachines.FilterSpec(name_patterns={"web-01"})).items
    told["found"] = [[item.vm, item.info.name, item.info.snapshot_count] for item in found]
    snapshots = Snapshots(config).list(*WEB_01).items
    told["snapshots"] = sorted(item.info.name for item in snapshots)
    snapshot = next(item.snapshot for item in snapshots if item.info.name == "nightly-0412")

    clone = VirtualMachines.LinkedCloneSpec(name="by-bindings", snapshot=snapshot)
    task = vms.linked_clone_task(*WEB_01, clone).get_task_id()
    told["clone"] = {"task": task, **end_of(tasks, task)}
    told["takenName"] = refused(vms.linked_clone_task, *WEB_01, clone)
    task = vms.revert_task(*WEB_01, VirtualMachines.RevertSpec(snapshot=snapshot)).get_task_id()
    told["revert"] = {"task": task, **end_of(tasks, task)}
    listed = tasks.list(Tasks.FilterSpec(services={"com.vmware.snapservice.clusters.virtual_machines"})).items
    told["listed"] = sorted([item.task, item.info.status] for item in listed)
    told["missingTask"] = refused(tasks.get, "nothing:com.vmware.snapservice")
    Sessions(config).delete()
    told["afterLogout"] = refused(tasks.get, task)


def ask_vcenter(told):
    session = Session(configuration(VCENTER, credentials())).create()
    machines = VM(configuration(VCENTER, create_session_security_context(session)))
    machine = machines.get(WEB_01[1])
    told["machine"] = [machine.name, machine.power_state, machine.cpu.count, machine.memory.size_mib]
    told["missingMachine"] = refused(machines.get, "vm-0")
    try:
        typed('{"name": "web-01", "power_state": "POWERED_ON"}', VM.Info.get_binding_type())
    except CoreException:
        told["incompleteMachine"] = "refused by VMware's type"


TOLD = {}
ask_appliance(TOLD)
ask_vcenter(TOLD)
print(json.dumps(TOLD))
