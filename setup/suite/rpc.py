"""A client of a running Odoo, over the calls that its web client makes."""

import requests


class RpcError(Exception):
    """The server answered with an error; `name` is the exception's class there."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message"))


class Client:
    """One logged-in user."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.session = requests.Session()
        answer = self.post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self.uid = answer["uid"]

    def post(self, path, params, timeout=600):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=timeout)
        answer.raise_for_status()
        payload = answer.json()
        if "error" in payload:
            raise RpcError(payload["error"])
        return payload.get("result")

    def call(self, model, method, *args, **kwargs):
        """client.call("res.partner", "write", [7], {"name": "Anna"})"""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=120, **options)

    def ref(self, xmlid):
        """Database id behind an XML id, None when there is none."""
        module, name = xmlid.split(".")
        domain = [["module", "=", module], ["name", "=", name]]
        rows = self.call("ir.model.data", "search_read", domain, fields=["res_id"])
        return rows[0]["res_id"] if rows else None

    def has_model(self, model):
        return bool(self.call("ir.model", "search_count", [["model", "=", model]]))

    def labels(self, model, field):
        """{value: label} of a selection field."""
        fields = self.call(model, "fields_get", [field], ["selection"])
        return dict(fields[field]["selection"])
