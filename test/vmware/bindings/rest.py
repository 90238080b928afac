"""Carries calls of VMware's bindings, which speak JSON-RPC, over the REST API.

Calls, headers and replies are the bindings' own: they write and read every value by VMware's types. Only the place of
each call is written down here.
"""

import json
from urllib.parse import quote

import requests
from com.vmware.snapservice.clusters.virtual_machines_client import Snapshots
from com.vmware.snapservice.clusters_client import VirtualMachines
from com.vmware.snapservice.info_client import About
from com.vmware.snapservice.tasks_client import Info
from com.vmware.snapservice_client import Sessions, Tasks
from com.vmware.vapi.std import errors_client
from com.vmware.vcenter_client import VM
from vmware.vapi.bindings.converter import RestConverter, TypeConverter
from vmware.vapi.bindings.stub import StubConfiguration
from vmware.vapi.bindings.type import StringType, VoidType
from vmware.vapi.core import ApiProvider, MethodResult
from vmware.vapi.data.serializers.cleanjson import DataValueConverter
from vmware.vapi.data.serializers.rest import RequestSerializer
from vmware.vapi.protocol.client.connector import Connector

VMS = "/snapservice/clusters/{cluster}/virtual-machines"
# Method and path of each call, and the structure that it returns; else it returns a text or nothing.
CALLS = {
    "cis.session create": ("POST", "/session", None),
    "vcenter.VM get": ("GET", "/vcenter/vm/{vm}", VM.Info),
    "snapservice.info.about get": ("GET", "/snapservice/info/about", About.Info),
    "snapservice.sessions create": ("POST", "/snapservice/sessions", None),
    "snapservice.sessions get": ("GET", "/snapservice/sessions", Sessions.Info),
    "snapservice.sessions delete": ("DELETE", "/snapservice/sessions", None),
    "snapservice.clusters.virtual_machines list": ("GET", VMS, VirtualMachines.ListResult),
    "snapservice.clusters.virtual_machines linked_clone$task": ("POST", VMS + "/{vm}?action=linked-clone", None),
    "snapservice.clusters.virtual_machines revert$task": ("POST", VMS + "/{vm}?action=revert", None),
    "snapservice.clusters.virtual_machines.snapshots list": ("GET", VMS + "/{vm}/snapshots", Snapshots.ListResult),
    "snapservice.tasks list": ("GET", "/snapservice/tasks", Tasks.ListResult),
    "snapservice.tasks get": ("GET", "/snapservice/tasks/{task}", Info),
}
# Longer than any reply on loopback takes.
LIMIT_S = 20


class RestProvider(ApiProvider):
    def __init__(self, url):
        ApiProvider.__init__(self)
        self.url = url + "/api"

    def invoke(self, service_id, operation_id, input_value, ctx):
        method, template, returns = CALLS[f"{service_id.removeprefix('com.vmware.')} {operation_id}"]
        given = json.loads(DataValueConverter.convert_to_json(input_value, True))
        path = template.format(**{name: quote(str(value), safe="") for name, value in given.items()})
        query = {**(given.get("filter") or {}), **({"vmw-task": "true"} if operation_id.endswith("$task") else {})}
        headers, _ = RequestSerializer.get_authorization_headers(ctx.security_context, True)
        reply = requests.request(
            method, self.url + path, params=query, json=given.get("spec"), headers=headers, timeout=LIMIT_S
        )
        if reply.ok:
            text = StringType() if reply.text else VoidType()
            return MethodResult(output=typed(reply.text or "null", returns.get_binding_type() if returns else text))
        name = reply.json()["error_type"]
        error = getattr(errors_client, name.title().replace("_", ""))
        return MethodResult(error=typed(reply.text, error.get_binding_type()))


def typed(text, kind):
    """The JSON text as a value of VMware's type; raises where it is none."""
    native = TypeConverter.convert_to_python(
        DataValueConverter.convert_to_data_value(text), kind, None, RestConverter.SWAGGER_REST
    )
    return TypeConverter.convert_to_vapi(native, kind)


class RestConnector(Connector):
    def connect(self):
        """There is no connection of its own."""

    def disconnect(self):
        """Nor an end of one."""


def configuration(url, security_context=None):
    """What each service of the bindings is made with."""
    connector = RestConnector(RestProvider(url), [])
    connector.set_security_context(security_context)
    return StubConfiguration(connector)
