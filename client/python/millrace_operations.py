"""Generated from openapi.json by `npm run client`: not to be changed by hand."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Literal, Mapping, Optional, TypedDict, Union
from urllib.parse import quote

Run = TypedDict(
    "Run",
    {
        "id": "str",
        "function_id": "str",
        "version": "int",
        "trigger": "Literal['http', 'account_event', 'webhook', 'function_url', 'schedule', 'subscription', 'flow', 'email_template', 'auto_query', 'payment_profile', 'ai_assistant', 'api_direct']",
        "cause": "Dict[str, Any]",
        "status": "Literal['queued', 'running', 'succeeded', 'failed', 'timed_out', 'out_of_memory', 'crashed', 'cancelled', 'dead']",
        "created_at": "str",
        "started_at": "Optional[str]",
        "ended_at": "Optional[str]",
        "duration_ms": "Optional[float]",
        "init_ms": "Optional[float]",
        "memory_mb": "int",
        "memory_peak_bytes": "Optional[int]",
        "attempts": "int",
        "engine": "Optional[str]",
        "response_status": "Optional[int]",
        "error": "Optional[Dict[str, Any]]",
        "due_at": "Optional[str]",
        "held": "bool",
        "trigger_id": "Optional[str]",
        "event_id": "Optional[str]",
        "trace_id": "str",
        "test": "bool",
        "replay_of": "Optional[str]",
        "replays": "List[str]",
        "dead_letter": "Optional[Literal['open', 'redriven', 'discarded']]",
        "input_kept": "bool",
        "result_kept": "bool",
        "history": "List[Dict[str, Any]]",
    },
    total=False,
)
LogLine = TypedDict(
    "LogLine",
    {
        "at": "str",
        "stream": "Literal['stdout', 'stderr', 'platform']",
        "text": "str",
    },
    total=False,
)
CalledRun = TypedDict(
    "CalledRun",
    {
        "run": "Run",
        "result": "Any",
    },
    total=False,
)
OutgoingCall = TypedDict(
    "OutgoingCall",
    {
        "at": "str",
        "attempt": "int",
        "host": "Optional[str]",
        "address": "str",
        "port": "int",
        "protocol": "Literal['tcp', 'udp', 'icmp', 'other']",
        "verdict": "Literal['allowed', 'refused']",
        "times": "int",
        "bytes_sent": "Optional[int]",
        "bytes_received": "Optional[int]",
        "duration_ms": "Optional[int]",
        "phase": "Literal['init', 'run', 'after']",
        "reused": "bool",
        "shared": "bool",
    },
    total=False,
)
EgressDay = TypedDict(
    "EgressDay",
    {
        "date": "str",
        "function_id": "str",
        "verdict": "Literal['allowed', 'refused']",
        "protocol": "Literal['tcp', 'udp', 'icmp', 'other']",
        "host": "Optional[str]",
        "address": "Optional[str]",
        "port": "Optional[int]",
        "calls": "int",
        "bytes_sent": "int",
        "bytes_received": "int",
        "first_at": "str",
        "last_at": "str",
    },
    total=False,
)
RunInput = TypedDict(
    "RunInput",
    {
        "trigger": "Literal['http', 'account_event', 'webhook', 'function_url', 'schedule', 'subscription', 'flow', 'email_template', 'auto_query', 'payment_profile', 'ai_assistant', 'api_direct']",
        "source": "Dict[str, Any]",
        "request": "Dict[str, Any]",
        "event": "Dict[str, Any]",
        "data": "Any",
    },
    total=False,
)
Caller = TypedDict(
    "Caller",
    {
        "account_id": "str",
        "mode": "Literal['live', 'test']",
        "kind": "Literal['secret', 'limited', 'trusted', 'session']",
        "token": "Optional[Dict[str, Any]]",
        "user": "Optional[Dict[str, Any]]",
        "permissions": "Dict[str, Dict[str, bool]]",
        "console_url": "str",
    },
    total=False,
)
DeployedFunction = TypedDict(
    "DeployedFunction",
    {
        "id": "str",
        "dialect": "str",
        "name": "str",
        "description": "Optional[str]",
        "enabled": "bool",
        "timeout_ms": "int",
        "memory_mb": "int",
        "reuse": "Literal['warm', 'none']",
        "concurrency": "int",
        "retry": "Dict[str, Any]",
        "max_concurrent_runs": "Optional[int]",
        "disable_after_faults": "int",
        "faults_in_a_row": "int",
        "disabled_reason": "Optional[str]",
        "paused_at": "Optional[str]",
        "version": "int",
        "previous_version": "Optional[int]",
        "canary": "Optional[Dict[str, Any]]",
        "handler": "str",
        "runtime": "str",
        "convention": "Literal['handler', 'body', 'respond']",
        "dependencies": "Dict[str, str]",
        "created_at": "str",
        "modified_at": "str",
        "build": "Optional[Build]",
    },
    total=False,
)
Build = TypedDict(
    "Build",
    {
        "id": "str",
        "function_id": "str",
        "status": "Literal['building', 'ready', 'failed']",
        "dependencies": "Dict[str, str]",
        "resolved": "Dict[str, str]",
        "error": "Optional[Dict[str, Any]]",
        "created_at": "str",
        "ended_at": "Optional[str]",
    },
    total=False,
)
Function = TypedDict(
    "Function",
    {
        "id": "str",
        "dialect": "str",
        "name": "str",
        "description": "Optional[str]",
        "enabled": "bool",
        "timeout_ms": "int",
        "memory_mb": "int",
        "reuse": "Literal['warm', 'none']",
        "concurrency": "int",
        "retry": "Dict[str, Any]",
        "max_concurrent_runs": "Optional[int]",
        "disable_after_faults": "int",
        "faults_in_a_row": "int",
        "disabled_reason": "Optional[str]",
        "paused_at": "Optional[str]",
        "version": "int",
        "previous_version": "Optional[int]",
        "canary": "Optional[Dict[str, Any]]",
        "handler": "str",
        "runtime": "str",
        "convention": "Literal['handler', 'body', 'respond']",
        "dependencies": "Dict[str, str]",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
Loading = TypedDict(
    "Loading",
    {
        "loads": "bool",
        "engine": "Optional[str]",
        "error": "Optional[Dict[str, Any]]",
        "logs": "List[LogLine]",
    },
    total=False,
)
Trial = TypedDict(
    "Trial",
    {
        "run": "Run",
        "result": "Any",
        "answer": "Optional[Dict[str, Any]]",
        "logs": "List[LogLine]",
    },
    total=False,
)
Code = TypedDict(
    "Code",
    {
        "version": "int",
        "files": "Dict[str, Union[str, Dict[str, Any]]]",
    },
    total=False,
)
ShownVariables = TypedDict(
    "ShownVariables",
    {
        "variables": "Dict[str, Dict[str, Any]]",
    },
    total=False,
)
CodeDiff = TypedDict(
    "CodeDiff",
    {
        "from": "int",
        "to": "int",
        "files": "List[Dict[str, Any]]",
        "settings": "Dict[str, Dict[str, Any]]",
    },
    total=False,
)
Version = TypedDict(
    "Version",
    {
        "number": "int",
        "active": "bool",
        "content_hash": "str",
        "filename": "str",
        "bytes": "int",
        "handler": "str",
        "runtime": "str",
        "convention": "Literal['handler', 'body', 'respond']",
        "dependencies": "Dict[str, str]",
        "note": "Optional[str]",
        "made_by": "Optional[str]",
        "created_at": "str",
    },
    total=False,
)
Canary = TypedDict(
    "Canary",
    {
        "version": "int",
        "percent": "int",
        "sticky_header": "Optional[str]",
    },
    total=False,
)
KeyValueEntry = TypedDict(
    "KeyValueEntry",
    {
        "key": "str",
        "description": "Optional[str]",
        "key_type": "Literal['string', 'pointer']",
        "pointer_type": "Optional[str]",
        "bytes": "int",
        "created_at": "str",
        "updated_at": "str",
    },
    total=False,
)
KeyValue = TypedDict(
    "KeyValue",
    {
        "key": "str",
        "description": "Optional[str]",
        "key_type": "Literal['string', 'pointer']",
        "pointer_type": "Optional[str]",
        "bytes": "int",
        "created_at": "str",
        "updated_at": "str",
        "value": "str",
    },
    total=False,
)
FunctionValue = TypedDict(
    "FunctionValue",
    {
        "id": "str",
        "name": "str",
        "description": "Optional[str]",
        "encrypted": "bool",
        "value": "Optional[str]",
        "created_at": "str",
        "updated_at": "str",
    },
    total=False,
)
Egress = TypedDict(
    "Egress",
    {
        "deny": "List[str]",
        "record_calls": "bool",
        "operator_deny": "List[str]",
        "operator_allow": "List[str]",
    },
    total=False,
)
Runtimes = TypedDict(
    "Runtimes",
    {
        "data": "List[Dict[str, Any]]",
    },
    total=False,
)
Platform = TypedDict(
    "Platform",
    {
        "sandbox": "str",
        "warnings": "List[str]",
        "findings": "List[Dict[str, Any]]",
        "engines": "List[Dict[str, Any]]",
        "instances": "int",
        "idle": "int",
        "waiting": "int",
        "promised_mb": "int",
    },
    total=False,
)
AcceptedEvents = TypedDict(
    "AcceptedEvents",
    {
        "data": "List[Dict[str, Any]]",
    },
    total=False,
)
Event = TypedDict(
    "Event",
    {
        "id": "str",
        "type": "str",
        "notations": "List[str]",
        "item_type": "str",
        "item_id": "str",
        "campaign": "Optional[str]",
        "shop": "Optional[str]",
        "date": "str",
        "depth": "int",
        "created_at": "str",
        "matched_at": "Optional[str]",
        "state": "Literal['waiting', 'routed', 'set_aside']",
        "fault": "Optional[str]",
        "tries": "int",
        "cause_run_id": "Optional[str]",
    },
    total=False,
)
EventType = TypedDict(
    "EventType",
    {
        "name": "str",
        "form": "Literal['type', 'notation']",
        "item_type": "str",
        "description": "Optional[str]",
        "builtin": "bool",
        "platform_only": "bool",
    },
    total=False,
)
Trigger = TypedDict(
    "Trigger",
    {
        "id": "str",
        "function_id": "str",
        "kind": "Literal['account_event', 'webhook', 'function_url', 'schedule']",
        "name": "Optional[str]",
        "enabled": "bool",
        "paused_at": "Optional[str]",
        "delay_ms": "int",
        "settings": "Dict[str, Any]",
        "url": "Optional[str]",
        "next_tick_at": "Optional[str]",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
SmtpProfile = TypedDict(
    "SmtpProfile",
    {
        "id": "str",
        "name": "str",
        "host": "str",
        "port": "int",
        "security": "Literal['tls', 'starttls', 'none']",
        "username": "Optional[str]",
        "has_password": "bool",
        "sender": "str",
        "is_default": "bool",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
Flow = TypedDict(
    "Flow",
    {
        "id": "str",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
FlowRun = TypedDict(
    "FlowRun",
    {
        "id": "str",
        "flow_id": "str",
        "flow_name": "str",
        "event_id": "str",
        "item_type": "str",
        "item_id": "str",
        "item_details": "Any",
        "status": "Literal['going', 'completed', 'failed', 'cancelled']",
        "node_id": "Optional[str]",
        "process_id": "str",
        "prior_process_id": "Optional[str]",
        "run_id": "Optional[str]",
        "due_at": "Optional[str]",
        "steps": "int",
        "history": "List[Dict[str, Any]]",
        "error": "Optional[str]",
        "created_at": "str",
        "ended_at": "Optional[str]",
    },
    total=False,
)
ReplayBatch = TypedDict(
    "ReplayBatch",
    {
        "replayed": "List[Dict[str, Any]]",
        "skipped": "List[Dict[str, Any]]",
        "next": "Optional[str]",
        "stopped": "Optional[Dict[str, Any]]",
    },
    total=False,
)
AccountLimits = TypedDict(
    "AccountLimits",
    {
        "account_id": "str",
        "runs_per_minute": "Optional[int]",
        "execution_seconds_per_minute": "Optional[int]",
        "concurrent_runs": "Optional[int]",
        "queued_runs": "Optional[int]",
        "payload_bytes": "int",
        "bounds": "Dict[str, int]",
    },
    total=False,
)
PortalLink = TypedDict(
    "PortalLink",
    {
        "url": "str",
        "user_id": "str",
        "expires_at": "str",
    },
    total=False,
)
PortalSession = TypedDict(
    "PortalSession",
    {
        "id": "str",
        "account_id": "str",
        "user": "Dict[str, Any]",
        "mode": "Literal['live', 'test']",
        "role": "Literal['owner', 'developer', 'viewer']",
        "features": "List[Dict[str, Any]]",
        "address": "Optional[str]",
        "created_at": "str",
        "expires_at": "str",
    },
    total=False,
)
Invitation = TypedDict(
    "Invitation",
    {
        "id": "str",
        "email": "str",
        "name": "str",
        "role": "Literal['operator', 'owner', 'developer', 'viewer']",
        "sees_inputs": "bool",
        "mailed": "bool",
        "created_at": "str",
        "expires_at": "str",
    },
    total=False,
)
User = TypedDict(
    "User",
    {
        "id": "str",
        "email": "str",
        "name": "str",
        "role": "Literal['operator', 'owner', 'developer', 'viewer']",
        "sees_inputs": "bool",
        "can_sign_in": "bool",
        "created_at": "str",
        "last_signed_in_at": "Optional[str]",
    },
    total=False,
)
Session = TypedDict(
    "Session",
    {
        "id": "str",
        "way": "Literal['password', 'passkey', 'openid']",
        "address": "Optional[str]",
        "user_agent": "Optional[str]",
        "created_at": "str",
        "last_used_at": "str",
        "expires_at": "str",
    },
    total=False,
)
Token = TypedDict(
    "Token",
    {
        "id": "str",
        "account_id": "str",
        "name": "Optional[str]",
        "mode": "Literal['live', 'test']",
        "masked": "str",
        "permissions": "List[Dict[str, Any]]",
        "expires_at": "Optional[str]",
        "twin_of": "Optional[str]",
        "created_at": "str",
        "last_used_at": "Optional[str]",
    },
    total=False,
)
Account = TypedDict(
    "Account",
    {
        "id": "str",
        "number": "int",
        "external_id": "Optional[str]",
        "name": "Optional[str]",
        "labels": "Dict[str, str]",
        "dialects": "Optional[List[str]]",
        "plan": "Optional[str]",
        "status": "Literal['active', 'suspended', 'closed']",
        "status_reason": "Optional[str]",
        "status_since": "str",
        "delete_at": "Optional[str]",
        "created_at": "str",
        "modified_at": "str",
        "limits": "Dict[str, Any]",
        "bounds": "Dict[str, int]",
        "own": "Dict[str, Any]",
        "egress_deny": "List[str]",
    },
    total=False,
)
ShortAccount = TypedDict(
    "ShortAccount",
    {
        "id": "str",
        "number": "int",
        "external_id": "Optional[str]",
        "name": "Optional[str]",
        "labels": "Dict[str, str]",
        "dialects": "Optional[List[str]]",
        "plan": "Optional[str]",
        "status": "Literal['active', 'suspended', 'closed']",
        "status_reason": "Optional[str]",
        "status_since": "str",
        "delete_at": "Optional[str]",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
AccountWithUse = TypedDict(
    "AccountWithUse",
    {
        "id": "str",
        "number": "int",
        "external_id": "Optional[str]",
        "name": "Optional[str]",
        "labels": "Dict[str, str]",
        "dialects": "Optional[List[str]]",
        "plan": "Optional[str]",
        "status": "Literal['active', 'suspended', 'closed']",
        "status_reason": "Optional[str]",
        "status_since": "str",
        "delete_at": "Optional[str]",
        "created_at": "str",
        "modified_at": "str",
        "limits": "Dict[str, Any]",
        "bounds": "Dict[str, int]",
        "own": "Dict[str, Any]",
        "egress_deny": "List[str]",
        "use": "Dict[str, int]",
    },
    total=False,
)
MasterKeyState = TypedDict(
    "MasterKeyState",
    {
        "rotating": "bool",
        "begun_at": "Optional[str]",
        "resealed": "bool",
        "node_key": "Literal['only', 'old', 'new']",
    },
    total=False,
)
Plan = TypedDict(
    "Plan",
    {
        "name": "str",
        "description": "Optional[str]",
        "limits": "Dict[str, int]",
        "bounds": "Dict[str, int]",
        "accounts": "int",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
DeletionReport = TypedDict(
    "DeletionReport",
    {
        "account_id": "str",
        "external_id": "Optional[str]",
        "requested_at": "str",
        "begun_at": "str",
        "ended_at": "Optional[str]",
        "rows": "Dict[str, int]",
    },
    total=False,
)
AuditEntry = TypedDict(
    "AuditEntry",
    {
        "id": "str",
        "at": "str",
        "action": "Literal['account.create', 'account.change', 'account.suspend', 'account.resume', 'account.close', 'account.restore', 'account.deleted', 'resource.create', 'resource.change', 'resource.delete', 'token.create', 'token.change', 'token.delete', 'people.set_up', 'session.create', 'session.refused', 'session.end', 'password.change', 'password.link', 'password.reset', 'user.invite', 'user.uninvite', 'user.join', 'user.change', 'user.remove', 'passkey.add', 'passkey.remove', 'portal.link', 'second_factor.add', 'second_factor.remove', 'plan.create', 'plan.change', 'plan.delete', 'keys.rotate', 'keys.finish']",
        "route": "Optional[str]",
        "resource": "Optional[str]",
        "target": "Optional[str]",
        "mode": "Optional[Literal['live', 'test']]",
        "account_id": "Optional[str]",
        "token_id": "Optional[str]",
        "user_id": "Optional[str]",
        "session_id": "Optional[str]",
        "address": "Optional[str]",
        "before": "Optional[Dict[str, Any]]",
        "after": "Optional[Dict[str, Any]]",
    },
    total=False,
)
EmailTemplate = TypedDict(
    "EmailTemplate",
    {
        "id": "str",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
TemplateMail = TypedDict(
    "TemplateMail",
    {
        "id": "str",
        "template_id": "str",
        "event_id": "Optional[str]",
        "run_id": "Optional[str]",
        "status": "Literal['queued', 'sent', 'failed']",
        "attempts": "int",
        "error": "Optional[str]",
        "recipients": "List[str]",
        "message_id": "Optional[str]",
        "due_at": "Optional[str]",
        "created_at": "str",
        "ended_at": "Optional[str]",
    },
    total=False,
)
QueryExecution = TypedDict(
    "QueryExecution",
    {
        "id": "str",
        "query_id": "str",
        "cause": "Literal['frequency', 'request']",
        "at": "str",
        "status": "Literal['queued', 'succeeded', 'failed']",
        "attempts": "int",
        "error": "Optional[str]",
        "query_results": "Optional[List[Dict[str, Any]]]",
        "is_truncated": "bool",
        "range_from": "Optional[str]",
        "range_to": "Optional[str]",
        "run_id": "Optional[str]",
        "created_at": "str",
        "ended_at": "Optional[str]",
    },
    total=False,
)
Query = TypedDict(
    "Query",
    {
        "id": "str",
        "created_at": "str",
        "modified_at": "str",
        "metric_names": "List[str]",
        "next_at": "Optional[str]",
    },
    total=False,
)
PaymentProfile = TypedDict(
    "PaymentProfile",
    {
        "id": "str",
        "name": "str",
        "enabled": "bool",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
PaymentDecision = TypedDict(
    "PaymentDecision",
    {
        "request_id": "str",
        "result": "Any",
        "responses": "Dict[str, Any]",
        "steps": "List[Dict[str, Any]]",
    },
    total=False,
)
Subscription = TypedDict(
    "Subscription",
    {
        "id": "str",
        "event_type": "str",
        "method": "Literal['http', 'email']",
        "destination": "str",
        "format": "Literal['json', 'xml', 'html']",
        "shape": "Literal['resource', 'plain']",
        "enabled": "bool",
        "description": "Optional[str]",
        "basic_auth": "Optional[Dict[str, Any]]",
        "header": "Optional[Dict[str, Any]]",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
Delivery = TypedDict(
    "Delivery",
    {
        "id": "str",
        "subscription_id": "str",
        "event_id": "str",
        "event_type": "str",
        "status": "Literal['queued', 'delivered', 'retry', 'failed']",
        "attempts": "int",
        "problem": "Optional[str]",
        "last_attempt_at": "Optional[str]",
        "next_attempt_at": "Optional[str]",
        "created_at": "str",
        "modified_at": "str",
    },
    total=False,
)
ImportReport = TypedDict(
    "ImportReport",
    {
        "function_id": "Optional[str]",
        "file": "Optional[Dict[str, Any]]",
        "problems": "List[Dict[str, Any]]",
        "warnings": "List[Dict[str, Any]]",
        "ignored": "List[str]",
    },
    total=False,
)
Passkey = TypedDict(
    "Passkey",
    {
        "id": "str",
        "name": "str",
        "created_at": "str",
        "last_used_at": "Optional[str]",
    },
    total=False,
)

class Operations:
    """A method for each operation. How they are asked for, the class that inherits this says."""

    def request(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        code_zip: Optional[bytes] = None,
    ) -> Any:
        raise NotImplementedError

    def pages(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:
        raise NotImplementedError

    def events(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Dict[str, Any]]:
        raise NotImplementedError

    def runs_list(self, *, function_id: Optional[str] = None, trigger: Optional[str] = None, status: Optional[str] = None, created_after: Optional[str] = None, created_before: Optional[str] = None, event_id: Optional[str] = None, item_id: Optional[str] = None, trace_id: Optional[str] = None, request_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[Run]:
        """Runs of every function, newest first. Needs the permission read on function_runs."""
        return self.pages("/runs", {"function_id": function_id, "trigger": trigger, "status": status, "created_after": created_after, "created_before": created_before, "event_id": event_id, "item_id": item_id, "trace_id": trace_id, "request_id": request_id, "limit": limit})

    def runs_get(self, id: str) -> Run:
        """One run. Needs the permission read on function_runs."""
        return self.request("GET", f"/runs/{quote(id, safe='')}")

    def runs_logs_list(self, id: str, *, format: Optional[Literal["json", "text"]] = None, limit: Optional[int] = None) -> Iterator[LogLine]:
        """What a run printed, between START, END and REPORT. Needs the permission read on function_runs."""
        return self.pages(f"/runs/{quote(id, safe='')}/logs", {"format": format, "limit": limit})

    def functions_runs_list(self, id: str, *, trigger: Optional[str] = None, status: Optional[str] = None, created_after: Optional[str] = None, created_before: Optional[str] = None, event_id: Optional[str] = None, item_id: Optional[str] = None, trace_id: Optional[str] = None, request_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[Run]:
        """Runs of one function, newest first. Needs the permission read on function_runs."""
        return self.pages(f"/functions/{quote(id, safe='')}/runs", {"trigger": trigger, "status": status, "created_after": created_after, "created_before": created_before, "event_id": event_id, "item_id": item_id, "trace_id": trace_id, "request_id": request_id, "limit": limit})

    def functions_runs(self, id: str, body: Any = None) -> CalledRun:
        """Runs a function with the body as its data; with `Prefer: respond-async` the answer does not wait for it. Needs the permission create on hosted_function_executions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/runs", body=body)

    def metrics_runs_get(self, *, from_: Optional[str] = None, to: Optional[str] = None, step: Optional[Literal["1m", "5m", "15m", "1h", "6h", "1d", "all"]] = None, function_id: Optional[str] = None, trigger: Optional[str] = None, group_by: Optional[Literal["function", "trigger", "none"]] = None) -> Dict[str, Any]:
        """What runs came to in each step of a span: outcomes, durations, starts, use. Needs the permission read on function_runs."""
        return self.request("GET", "/metrics/runs", query={"from": from_, "to": to, "step": step, "function_id": function_id, "trigger": trigger, "group_by": group_by})

    def metrics_usage_list(self, *, from_: Optional[str] = None, to: Optional[str] = None, format: Optional[Literal["json", "csv"]] = None, limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """What the account used on each day, in the mode of the token. Needs the permission read on function_runs."""
        return self.pages("/metrics/usage", {"from": from_, "to": to, "format": format, "limit": limit})

    def operator_usage_list(self, *, from_: Optional[str] = None, to: Optional[str] = None, format: Optional[Literal["json", "csv"]] = None, account_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """What each account used on each day, live and test. Needs the permission read on operator."""
        return self.pages("/operator/usage", {"from": from_, "to": to, "format": format, "account_id": account_id, "limit": limit})

    def errors_list(self, *, function_id: Optional[str] = None, from_: Optional[str] = None, to: Optional[str] = None) -> Iterator[Dict[str, Any]]:
        """Faults of functions in groups that are alike, the most frequent of a span first. Needs the permission read on function_runs."""
        return self.pages("/errors", {"function_id": function_id, "from": from_, "to": to})

    def errors_get(self, id: str, *, from_: Optional[str] = None, to: Optional[str] = None) -> Dict[str, Any]:
        """One group of faults: how many in each hour, and the last one. Needs the permission read on function_runs."""
        return self.request("GET", f"/errors/{quote(id, safe='')}", query={"from": from_, "to": to})

    def errors_runs_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[Run]:
        """The runs of a group of faults, newest first. Needs the permission read on function_runs."""
        return self.pages(f"/errors/{quote(id, safe='')}/runs", {"limit": limit})

    def runs_stream_get(self, *, function_id: Optional[str] = None, trigger: Optional[str] = None, status: Optional[str] = None) -> Iterator[Dict[str, Any]]:
        """What becomes of runs, as it happens: events `open`, `run`, `gap`, `dropped`. Needs the permission read on function_runs."""
        return self.events("/runs/stream", {"function_id": function_id, "trigger": trigger, "status": status})

    def runs_logs_stream_get(self, id: str) -> Iterator[Dict[str, Any]]:
        """What a run prints, while it goes on: events `line`, `end`, `dropped`. Needs the permission read on function_runs."""
        return self.events(f"/runs/{quote(id, safe='')}/logs/stream")

    def runs_search_get(self, *, text: Optional[str] = None, function_id: Optional[str] = None, from_: Optional[str] = None, to: Optional[str] = None, limit: Optional[int] = None, after: Optional[str] = None) -> Dict[str, Any]:
        """Runs with a text in their log or error, newest first: as far as a moment goes. Needs the permission read on function_runs."""
        return self.request("GET", "/runs/search", query={"text": text, "function_id": function_id, "from": from_, "to": to, "limit": limit, "after": after})

    def runs_timeline_get(self, id: str) -> Dict[str, Any]:
        """The life of a run: what it waited for, and each attempt. Needs the permission read on function_runs."""
        return self.request("GET", f"/runs/{quote(id, safe='')}/timeline")

    def runs_calls_get(self, id: str) -> Dict[str, Any]:
        """A run's outgoing calls, refused ones too, as the kernel has them. Needs the permission read on function_runs."""
        return self.request("GET", f"/runs/{quote(id, safe='')}/calls")

    def egress_calls_list(self, *, from_: Optional[str] = None, to: Optional[str] = None, function_id: Optional[str] = None, verdict: Optional[Literal["allowed", "refused"]] = None, format: Optional[Literal["json", "csv"]] = None, limit: Optional[int] = None) -> Iterator[EgressDay]:
        """Whom functions have called, and were kept from, on each day. Needs the permission read on function_runs."""
        return self.pages("/egress/calls", {"from": from_, "to": to, "function_id": function_id, "verdict": verdict, "format": format, "limit": limit})

    def runs_error_get(self, id: str) -> Dict[str, Any]:
        """A run's error: its frames, and the source around those of the function's own code. Needs the permission read on function_runs and the permission read on hosted_functions."""
        return self.request("GET", f"/runs/{quote(id, safe='')}/error")

    def runs_input_get(self, id: str) -> RunInput:
        """The input of a run, while it is kept. Needs the permission read on run_contents."""
        return self.request("GET", f"/runs/{quote(id, safe='')}/input")

    def runs_result_get(self, id: str) -> Dict[str, Any]:
        """What the function returned, while it is kept. Needs the permission read on run_contents."""
        return self.request("GET", f"/runs/{quote(id, safe='')}/result")

    def runs_contents_delete(self, id: str) -> None:
        """Forgets what a run was given, returned and printed, and the words of its errors. Needs the permission delete on function_runs and the permission delete on run_contents."""
        return self.request("DELETE", f"/runs/{quote(id, safe='')}/contents")

    def runs_cancel(self, id: str) -> Run:
        """Ends a run: one that waits at once, one that is going on within a moment. Needs the permission update on function_runs."""
        return self.request("POST", f"/runs/{quote(id, safe='')}/cancel")

    def caller_get(self) -> Caller:
        """Who the request comes from, and what they may do. For every token."""
        return self.request("GET", "/caller")

    def functions_list(self, *, dialect: Optional[str] = None, name: Optional[str] = None, limit: Optional[int] = None) -> Iterator[Dict[str, Any]]:
        """Functions of every dialect, by name. Needs the permission read on hosted_functions."""
        return self.pages("/functions", {"dialect": dialect, "name": name, "limit": limit})

    def functions_create(self, body: Any = None, code_zip: Optional[bytes] = None) -> DeployedFunction:
        """Makes a function of code, settings and variables. Needs the permission create on hosted_functions."""
        return self.request("POST", "/functions", body=body, code_zip=code_zip)

    def functions_get(self, id: str) -> Function:
        """Settings of a function of any dialect. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}")

    def functions_update(self, id: str, body: Any = None) -> Function:
        """Changes settings of a function of any dialect. Needs the permission update on hosted_functions."""
        return self.request("PATCH", f"/functions/{quote(id, safe='')}", body=body)

    def functions_delete(self, id: str) -> None:
        """Deletes a function of any dialect, with its triggers, addresses and code; its runs stay. Needs the permission delete on hosted_functions."""
        return self.request("DELETE", f"/functions/{quote(id, safe='')}")

    def functions_uses_get(self, id: str) -> Dict[str, Any]:
        """What may start a function: its triggers, and whatever else of the account names it. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/uses")

    def functions_validate(self, body: Any = None, code_zip: Optional[bytes] = None) -> Loading:
        """Loads code without calling it: it becomes no version. Needs the permission update on hosted_functions and the permission create on hosted_function_executions."""
        return self.request("POST", "/functions/validate", body=body, code_zip=code_zip)

    def functions_validate_one(self, id: str, body: Any = None, code_zip: Optional[bytes] = None) -> Loading:
        """The same with what is not given taken from a function. Needs the permission update on hosted_functions and the permission create on hosted_function_executions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/validate", body=body, code_zip=code_zip)

    def functions_test(self, body: Any = None, code_zip: Optional[bytes] = None) -> Trial:
        """Runs code that is not saved, once: the run is kept, and marked as a test. Needs the permission update on hosted_functions and the permission create on hosted_function_executions."""
        return self.request("POST", "/functions/test", body=body, code_zip=code_zip)

    def functions_test_one(self, id: str, body: Any = None, code_zip: Optional[bytes] = None) -> Trial:
        """The same with what is not given taken from a function: a test is no fault of it. Needs the permission update on hosted_functions and the permission create on hosted_function_executions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/test", body=body, code_zip=code_zip)

    def functions_code_get(self, id: str) -> Code:
        """The active version's code: files by path, or with `Accept: application/zip` the zip. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/code")

    def functions_code_replace(self, id: str, body: Any = None, code_zip: Optional[bytes] = None) -> DeployedFunction:
        """Gives a function code: the new version is active when the answer is there, or its packages are. Needs the permission update on hosted_functions."""
        return self.request("PUT", f"/functions/{quote(id, safe='')}/code", body=body, code_zip=code_zip)

    def functions_copy_create(self, id: str, body: Any = None) -> Function:
        """Makes another function of the same code, settings, variables and packages. Needs the permission create on hosted_functions and the permission read on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/copy", body=body)

    def functions_variables_get(self, id: str) -> ShownVariables:
        """Variables of a function, without the values of secrets. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/variables")

    def functions_variables_replace(self, id: str, body: Any = None) -> ShownVariables:
        """Replaces the variables of a function: what is not named goes; its next run has them. Needs the permission update on hosted_functions."""
        return self.request("PUT", f"/functions/{quote(id, safe='')}/variables", body=body)

    def functions_versions_code_get(self, id: str, number: str) -> Code:
        """A version's code, in the same way. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/versions/{quote(number, safe='')}/code")

    def functions_versions_diff_get(self, id: str, from_: str, to: str) -> CodeDiff:
        """What two versions of a function differ in. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/versions/{quote(from_, safe='')}/diff/{quote(to, safe='')}")

    def functions_versions_list(self, id: str) -> Iterator[Version]:
        """Every version of a function, newest first. Needs the permission read on hosted_functions."""
        return self.pages(f"/functions/{quote(id, safe='')}/versions")

    def functions_versions_get(self, id: str, number: str) -> Version:
        """One version of a function. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/versions/{quote(number, safe='')}")

    def functions_versions_update(self, id: str, number: str, body: Any = None) -> Version:
        """Writes a note to a version. Needs the permission update on hosted_functions."""
        return self.request("PATCH", f"/functions/{quote(id, safe='')}/versions/{quote(number, safe='')}", body=body)

    def functions_versions_activate(self, id: str, number: str) -> Function:
        """Makes a version the active one: the way back, too. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/versions/{quote(number, safe='')}/activate")

    def functions_canary_get(self, id: str) -> Canary:
        """Which version gets a part of the runs. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/functions/{quote(id, safe='')}/canary")

    def functions_canary_replace(self, id: str, body: Any = None) -> Canary:
        """Gives a part of the runs to a version that is not active. Needs the permission update on hosted_functions."""
        return self.request("PUT", f"/functions/{quote(id, safe='')}/canary", body=body)

    def functions_canary_delete(self, id: str) -> None:
        """Gives all runs to the active version again. Needs the permission update on hosted_functions."""
        return self.request("DELETE", f"/functions/{quote(id, safe='')}/canary")

    def functions_canary_promote(self, id: str) -> Function:
        """Makes the canary the active version: it gets all runs. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/canary/promote")

    def functions_rollback(self, id: str) -> Function:
        """Ends a canary; without one, makes the version active again that was so before. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/rollback")

    def packages_get(self) -> Dict[str, Any]:
        """Which packages functions may have. Needs the permission read on hosted_functions."""
        return self.request("GET", "/packages")

    def functions_builds_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[Build]:
        """Builds of one function, newest first. Needs the permission read on hosted_functions."""
        return self.pages(f"/functions/{quote(id, safe='')}/builds", {"limit": limit})

    def functions_builds(self, id: str, body: Any = None) -> Build:
        """Gives a function packages beside its code: the next version has them, once they are built. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/builds", body=body)

    def builds_list(self, *, limit: Optional[int] = None) -> Iterator[Build]:
        """Builds of every function, newest first. Needs the permission read on hosted_functions."""
        return self.pages("/builds", {"limit": limit})

    def builds_get(self, id: str) -> Build:
        """One build. Needs the permission read on hosted_functions."""
        return self.request("GET", f"/builds/{quote(id, safe='')}")

    def builds_logs_list(self, id: str, *, format: Optional[Literal["json", "text"]] = None, limit: Optional[int] = None) -> Iterator[LogLine]:
        """What a build has printed so far, npm included. Needs the permission read on hosted_functions."""
        return self.pages(f"/builds/{quote(id, safe='')}/logs", {"format": format, "limit": limit})

    def key_values_list(self, *, limit: Optional[int] = None) -> Iterator[KeyValueEntry]:
        """Key values by their keys, without the values. Needs the permission read on key_values."""
        return self.pages("/key-values", {"limit": limit})

    def key_values_create(self, body: Any = None) -> KeyValue:
        """Makes a key value that functions can read, and change where it is a string. Needs the permission create on key_values."""
        return self.request("POST", "/key-values", body=body)

    def key_values_get(self, key: str) -> KeyValue:
        """One key value. Needs the permission read on key_values."""
        return self.request("GET", f"/key-values/{quote(key, safe='')}")

    def key_values_update(self, key: str, body: Any = None) -> KeyValue:
        """Changes a key value; its key stays. Needs the permission update on key_values."""
        return self.request("PATCH", f"/key-values/{quote(key, safe='')}", body=body)

    def key_values_delete(self, key: str) -> None:
        """Deletes a key value. Needs the permission delete on key_values."""
        return self.request("DELETE", f"/key-values/{quote(key, safe='')}")

    def function_values_list(self) -> Iterator[FunctionValue]:
        """Values that functions find in their environment, by name. Needs the permission read on function_values."""
        return self.pages("/function-values")

    def function_values_create(self, body: Any = None) -> FunctionValue:
        """Makes a value; functions have it with their next run. Needs the permission create on function_values."""
        return self.request("POST", "/function-values", body=body)

    def function_values_get(self, id: str) -> FunctionValue:
        """One value. Needs the permission read on function_values."""
        return self.request("GET", f"/function-values/{quote(id, safe='')}")

    def function_values_update(self, id: str, body: Any = None) -> FunctionValue:
        """Changes a value; functions have it with their next run. Needs the permission update on function_values."""
        return self.request("PATCH", f"/function-values/{quote(id, safe='')}", body=body)

    def function_values_delete(self, id: str) -> None:
        """Deletes a value. Needs the permission delete on function_values."""
        return self.request("DELETE", f"/function-values/{quote(id, safe='')}")

    def account_egress_get(self) -> Egress:
        """What functions of the account reach on the network. Needs the permission read on accounts."""
        return self.request("GET", "/account/egress")

    def account_egress_replace(self, body: Any = None) -> Egress:
        """Denies networks to the functions of the account, live and test. Needs the permission update on accounts."""
        return self.request("PUT", "/account/egress", body=body)

    def runtimes_get(self) -> Runtimes:
        """The runtimes that functions may name, and what runs each here. Needs the permission read on hosted_functions."""
        return self.request("GET", "/runtimes")

    def platform_get(self) -> Platform:
        """How the installation is: for the operator. Needs the permission read on hosted_functions."""
        return self.request("GET", "/platform")

    def events_list(self, *, type_: Optional[str] = None, notation: Optional[str] = None, item_type: Optional[str] = None, item_id: Optional[str] = None, state: Optional[Literal["waiting", "routed", "set_aside"]] = None, limit: Optional[int] = None) -> Iterator[Event]:
        """Events without their data, newest first. Needs the permission read on events."""
        return self.pages("/events", {"type": type_, "notation": notation, "item_type": item_type, "item_id": item_id, "state": state, "limit": limit})

    def events(self, body: Any = None) -> AcceptedEvents:
        """Publishes one event, or all of a list. Needs the permission create on events."""
        return self.request("POST", "/events", body=body)

    def events_route(self, id: str) -> Dict[str, Any]:
        """Routes an event again that was set aside, or waits for its next try. Needs the permission create on events."""
        return self.request("POST", f"/events/{quote(id, safe='')}/route")

    def events_get(self, id: str) -> Dict[str, Any]:
        """One event with the runs that it has started. Needs the permission read on events."""
        return self.request("GET", f"/events/{quote(id, safe='')}")

    def event_types_list(self) -> Iterator[EventType]:
        """Types and notations that may be published, by name. Needs the permission read on events."""
        return self.pages("/event-types")

    def event_types_create(self, body: Any = None) -> EventType:
        """Adds a type or a notation of the account. Needs the permission create on events."""
        return self.request("POST", "/event-types", body=body)

    def event_types_delete(self, name: str) -> None:
        """Removes one that the account has added; what was published stays. Needs the permission delete on events."""
        return self.request("DELETE", f"/event-types/{quote(name, safe='')}")

    def triggers_list(self, *, function_id: Optional[str] = None, kind: Optional[Literal["account_event", "webhook", "function_url", "schedule"]] = None, limit: Optional[int] = None) -> Iterator[Trigger]:
        """Triggers, newest first. Needs the permission read on triggers."""
        return self.pages("/triggers", {"function_id": function_id, "kind": kind, "limit": limit})

    def triggers_create(self, body: Any = None) -> Trigger:
        """Lets something start a function. Needs the permission create on triggers."""
        return self.request("POST", "/triggers", body=body)

    def triggers_get(self, id: str) -> Trigger:
        """One trigger. Needs the permission read on triggers."""
        return self.request("GET", f"/triggers/{quote(id, safe='')}")

    def triggers_update(self, id: str, body: Any = None) -> Trigger:
        """Changes a trigger; `settings` are replaced as a whole. Needs the permission update on triggers."""
        return self.request("PATCH", f"/triggers/{quote(id, safe='')}", body=body)

    def triggers_delete(self, id: str) -> None:
        """Deletes a trigger; of the runs that it has caused, those that its pause holds are cancelled. Needs the permission delete on triggers."""
        return self.request("DELETE", f"/triggers/{quote(id, safe='')}")

    def triggers_pause(self, id: str) -> Trigger:
        """Holds the runs that it has caused and will cause. Needs the permission update on triggers."""
        return self.request("POST", f"/triggers/{quote(id, safe='')}/pause")

    def triggers_resume(self, id: str) -> Trigger:
        """Releases the runs that its pause held. Needs the permission update on triggers."""
        return self.request("POST", f"/triggers/{quote(id, safe='')}/resume")

    def smtp_profiles_list(self, *, limit: Optional[int] = None) -> Iterator[SmtpProfile]:
        """The SMTP profiles of the account. Needs the permission read on smtp_profiles."""
        return self.pages("/smtp_profiles", {"limit": limit})

    def smtp_profiles_create(self, body: Any = None) -> SmtpProfile:
        """Adds an SMTP profile. Needs the permission create on smtp_profiles."""
        return self.request("POST", "/smtp_profiles", body=body)

    def smtp_profiles_get(self, id: str) -> SmtpProfile:
        """An SMTP profile. Needs the permission read on smtp_profiles."""
        return self.request("GET", f"/smtp_profiles/{quote(id, safe='')}")

    def smtp_profiles_update(self, id: str, body: Any = None) -> SmtpProfile:
        """Changes an SMTP profile. Needs the permission update on smtp_profiles."""
        return self.request("PATCH", f"/smtp_profiles/{quote(id, safe='')}", body=body)

    def smtp_profiles_delete(self, id: str) -> Dict[str, Any]:
        """Deletes an SMTP profile. Needs the permission delete on smtp_profiles."""
        return self.request("DELETE", f"/smtp_profiles/{quote(id, safe='')}")

    def domains_list(self) -> Iterator[Dict[str, Any]]:
        """Hosts whose pages call endpoints of this account and mode without naming it. Needs the permission read on accounts."""
        return self.pages("/domains")

    def domains_create(self, body: Any = None) -> Dict[str, Any]:
        """Gives a host to this account and mode. Needs the permission update on accounts."""
        return self.request("POST", "/domains", body=body)

    def domains_delete(self, *, domain: Optional[str] = None) -> Dict[str, Any]:
        """Takes the host named by `?domain=` away again. Needs the permission update on accounts."""
        return self.request("DELETE", "/domains", query={"domain": domain})

    def domains_get(self, domain: str) -> Dict[str, Any]:
        """A host of this account and mode. Needs the permission read on accounts."""
        return self.request("GET", f"/domains/{quote(domain, safe='')}")

    def domains_delete_one(self, domain: str) -> None:
        """Takes a host away that was given by this API. Needs the permission update on accounts."""
        return self.request("DELETE", f"/domains/{quote(domain, safe='')}")

    def portals_list(self) -> Iterator[Dict[str, Any]]:
        """Portal ids that this account had elsewhere. Needs the permission read on accounts."""
        return self.pages("/portals")

    def portals_create(self, body: Any = None) -> Dict[str, Any]:
        """Lets pages go on naming the portal id that this account had elsewhere. Needs the permission update on accounts."""
        return self.request("POST", "/portals", body=body)

    def portals_delete(self, *, portal_id: Optional[int] = None) -> Dict[str, Any]:
        """Forgets the portal id named by `?portal_id=`. Needs the permission update on accounts."""
        return self.request("DELETE", "/portals", query={"portal_id": portal_id})

    def triggers_renew_address(self, id: str) -> Trigger:
        """Gives a webhook or a function URL another address; the old one is gone. Needs the permission update on triggers."""
        return self.request("POST", f"/triggers/{quote(id, safe='')}/renew-address")

    def schedules_validate(self, body: Any = None) -> Dict[str, Any]:
        """Checks a cron expression and shows the next runs. Needs the permission read on hosted_functions."""
        return self.request("POST", "/schedules/validate", body=body)

    def triggers_next_runs_get(self, id: str, *, count: Optional[int] = None, from_: Optional[str] = None) -> Dict[str, Any]:
        """When a schedule runs next, as long as it is enabled and not paused. Needs the permission read on triggers."""
        return self.request("GET", f"/triggers/{quote(id, safe='')}/next-runs", query={"count": count, "from": from_})

    def triggers_test_message(self, id: str, body: Any = None) -> Dict[str, Any]:
        """Sends a message to a webhook as its sender would, signed by its first secret. Needs the permission update on triggers and the permission create on hosted_function_executions."""
        return self.request("POST", f"/triggers/{quote(id, safe='')}/test-message", body=body)

    def flows_list(self, *, limit: Optional[int] = None) -> Iterator[Flow]:
        """Flows, newest first. Needs the permission read on flows."""
        return self.pages("/flows", {"limit": limit})

    def flows_create(self, body: Any = None) -> Flow:
        """Makes a flow; it starts once it is enabled. Needs the permission create on flows."""
        return self.request("POST", "/flows", body=body)

    def flows_get(self, id: str) -> Flow:
        """One flow. Needs the permission read on flows."""
        return self.request("GET", f"/flows/{quote(id, safe='')}")

    def flows_update(self, id: str, body: Any = None) -> Flow:
        """Changes a flow; runs that are going on go on as they began. Needs the permission update on flows."""
        return self.request("PATCH", f"/flows/{quote(id, safe='')}", body=body)

    def flows_delete(self, id: str) -> None:
        """Removes a flow; its runs go on. Needs the permission delete on flows."""
        return self.request("DELETE", f"/flows/{quote(id, safe='')}")

    def flow_runs_cancel(self, id: str) -> FlowRun:
        """Ends a flow run where it stands; a function run that it waits for goes on. Needs the permission update on flows."""
        return self.request("POST", f"/flow-runs/{quote(id, safe='')}/cancel")

    def flow_runs_list(self, *, flow_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[FlowRun]:
        """Flow runs, newest first. Needs the permission read on flows."""
        return self.pages("/flow-runs", {"flow_id": flow_id, "limit": limit})

    def flow_runs_get(self, id: str) -> FlowRun:
        """One flow run with the steps that it took. Needs the permission read on flows."""
        return self.request("GET", f"/flow-runs/{quote(id, safe='')}")

    def runs_replay_one(self, id: str, body: Any = None) -> Run:
        """Runs a run again, as a new one, with the same input or another. Needs the permission create on function_runs."""
        return self.request("POST", f"/runs/{quote(id, safe='')}/replay", body=body)

    def runs_replay(self, body: Any = None) -> ReplayBatch:
        """Runs many things again, oldest first. Needs the permission create on function_runs."""
        return self.request("POST", "/runs/replay", body=body)

    def dead_letters_list(self, *, function_id: Optional[str] = None, trigger: Optional[str] = None, created_after: Optional[str] = None, created_before: Optional[str] = None, error_type: Optional[str] = None, error_group: Optional[str] = None, state: Optional[Literal["open", "redriven", "discarded"]] = None, limit: Optional[int] = None) -> Iterator[Run]:
        """Runs whose retries are spent, newest first. Needs the permission read on function_runs."""
        return self.pages("/dead-letters", {"function_id": function_id, "trigger": trigger, "created_after": created_after, "created_before": created_before, "error_type": error_type, "error_group": error_group, "state": state, "limit": limit})

    def dead_letters_redrive(self, body: Any = None) -> ReplayBatch:
        """Runs again what is on the dead-letter list, oldest first, and takes it off. Needs the permission create on function_runs."""
        return self.request("POST", "/dead-letters/redrive", body=body)

    def dead_letters_discard(self, body: Any = None) -> Dict[str, Any]:
        """Takes runs off the dead-letter list, oldest first; their records stay. Needs the permission update on function_runs."""
        return self.request("POST", "/dead-letters/discard", body=body)

    def functions_pause(self, id: str) -> Function:
        """Holds the queued runs of a function, and refuses calls that wait. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/pause")

    def functions_resume(self, id: str) -> Function:
        """Releases the runs that the pause held: they are due when they were before. Needs the permission update on hosted_functions."""
        return self.request("POST", f"/functions/{quote(id, safe='')}/resume")

    def account_limits_get(self) -> AccountLimits:
        """What the account may use, over all nodes. Needs the permission read on accounts."""
        return self.request("GET", "/account/limits")

    def account_limits_update(self, body: Any = None) -> AccountLimits:
        """Changes what the operator's own account may use. Needs the permission update on accounts."""
        return self.request("PATCH", "/account/limits", body=body)

    def accounts_limits_get(self, id: str) -> AccountLimits:
        """What an account may use: for the operator, and for itself. Needs the permission read on accounts."""
        return self.request("GET", f"/accounts/{quote(id, safe='')}/limits")

    def accounts_limits_update(self, id: str, body: Any = None) -> AccountLimits:
        """Changes what an account may use: for the operator. Needs the permission update on accounts."""
        return self.request("PATCH", f"/accounts/{quote(id, safe='')}/limits", body=body)

    def setup_create(self, body: Any = None) -> Dict[str, Any]:
        """Makes the first person, who operates the installation; once. Needs the permission create on operator."""
        return self.request("POST", "/setup", body=body)

    def device_authorizations_approve(self, code: str) -> None:
        """Signs it in: it gets a token of what you may do in this account and mode, but for an operator’s. Needs the permission create on auths."""
        return self.request("POST", f"/device-authorizations/{quote(code, safe='')}/approve")

    def operator_accounts_portal_links(self, id: str, body: Any = None) -> PortalLink:
        """Makes a link that opens a portal of the account for one person, once. Needs the permission create on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/portal-links", body=body)

    def operator_accounts_portal_sessions_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[PortalSession]:
        """The portals of an account that are open. Needs the permission read on operator."""
        return self.pages(f"/operator/accounts/{quote(id, safe='')}/portal-sessions", {"limit": limit})

    def operator_accounts_portal_sessions_delete(self, id: str, session: str) -> None:
        """Closes a portal. Needs the permission delete on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}/portal-sessions/{quote(session, safe='')}")

    def invitations_list(self, *, limit: Optional[int] = None) -> Iterator[Invitation]:
        """Who is invited. Needs the permission read on users."""
        return self.pages("/invitations", {"limit": limit})

    def invitations_create(self, body: Any = None) -> Dict[str, Any]:
        """Invites a person to the account; the same address again replaces the invitation before. Needs the permission create on users."""
        return self.request("POST", "/invitations", body=body)

    def operator_accounts_invitations(self, id: str, body: Any = None) -> Dict[str, Any]:
        """Invites a person to an account. Needs the permission create on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/invitations", body=body)

    def invitations_get(self, id: str) -> Invitation:
        """An invitation. Needs the permission read on users."""
        return self.request("GET", f"/invitations/{quote(id, safe='')}")

    def invitations_delete(self, id: str) -> None:
        """Takes an invitation back. Needs the permission delete on users."""
        return self.request("DELETE", f"/invitations/{quote(id, safe='')}")

    def users_list(self, *, limit: Optional[int] = None) -> Iterator[User]:
        """The people of the account. Needs the permission read on users."""
        return self.pages("/users", {"limit": limit})

    def users_get(self, id: str) -> User:
        """A user of the account. Needs the permission read on users."""
        return self.request("GET", f"/users/{quote(id, safe='')}")

    def users_update(self, id: str, body: Any = None) -> User:
        """Changes what a user may do. Needs the permission update on users."""
        return self.request("PATCH", f"/users/{quote(id, safe='')}", body=body)

    def users_delete(self, id: str) -> None:
        """Takes a person out of the account. Needs the permission delete on users."""
        return self.request("DELETE", f"/users/{quote(id, safe='')}")

    def users_sessions_list(self, id: str) -> Iterator[Session]:
        """The sessions of a user. Needs the permission update on users."""
        return self.pages(f"/users/{quote(id, safe='')}/sessions")

    def users_sessions_delete(self, id: str) -> Dict[str, Any]:
        """Ends all sessions of a user. Needs the permission update on users."""
        return self.request("DELETE", f"/users/{quote(id, safe='')}/sessions")

    def users_password_link(self, id: str) -> Dict[str, Any]:
        """Makes a link by which a user sets a new password, once. Needs the permission update on users."""
        return self.request("POST", f"/users/{quote(id, safe='')}/password-link")

    def users_second_factor_delete(self, id: str) -> None:
        """Removes the second factor of a user who has lost it. Needs the permission update on users."""
        return self.request("DELETE", f"/users/{quote(id, safe='')}/second-factor")

    def operator_accounts_users_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[User]:
        """The people of an account. Needs the permission read on operator."""
        return self.pages(f"/operator/accounts/{quote(id, safe='')}/users", {"limit": limit})

    def operator_accounts_users_password_link(self, id: str, user: str) -> Dict[str, Any]:
        """Makes a link by which a user of an account sets a new password, once. Needs the permission update on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/users/{quote(user, safe='')}/password-link")

    def operator_accounts_users_sessions_delete(self, id: str, user: str) -> Dict[str, Any]:
        """Ends all sessions of a user of an account. Needs the permission update on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}/users/{quote(user, safe='')}/sessions")

    def operator_accounts_users_second_factor_delete(self, id: str, user: str) -> None:
        """Removes the second factor of a user of an account. Needs the permission update on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}/users/{quote(user, safe='')}/second-factor")

    def operator_accounts_users_delete(self, id: str, user: str) -> None:
        """Takes a person out of an account. Needs the permission update on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}/users/{quote(user, safe='')}")

    def tokens_list(self, *, limit: Optional[int] = None) -> Iterator[Token]:
        """Tokens of your account and mode, newest first. Needs the permission read on auths."""
        return self.pages("/tokens", {"limit": limit})

    def tokens_create(self, body: Any = None) -> Dict[str, Any]:
        """Makes a token, of no more permissions than yours. Needs the permission create on auths."""
        return self.request("POST", "/tokens", body=body)

    def tokens_get(self, id: str) -> Token:
        """A token, without its secret part. Needs the permission read on auths."""
        return self.request("GET", f"/tokens/{quote(id, safe='')}")

    def tokens_update(self, id: str, body: Any = None) -> Token:
        """Changes name, permissions or expiry of a token. Needs the permission update on auths."""
        return self.request("PATCH", f"/tokens/{quote(id, safe='')}", body=body)

    def tokens_delete(self, id: str) -> None:
        """Deletes a token, and its test twin: neither is taken any more. Needs the permission delete on auths."""
        return self.request("DELETE", f"/tokens/{quote(id, safe='')}")

    def operator_accounts_list(self, *, external_id: Optional[str] = None, status: Optional[Literal["active", "suspended", "closed"]] = None, plan: Optional[str] = None, label: Optional[str] = None, q: Optional[str] = None, limit: Optional[int] = None) -> Iterator[ShortAccount]:
        """The accounts of the installation. Needs the permission read on operator."""
        return self.pages("/operator/accounts", {"external_id": external_id, "status": status, "plan": plan, "label": label, "q": q, "limit": limit})

    def operator_accounts_create(self, body: Any = None) -> Account:
        """Makes an account; one with this external id that was made alike is answered with 200. Needs the permission create on operator."""
        return self.request("POST", "/operator/accounts", body=body)

    def operator_accounts_get(self, id: str) -> AccountWithUse:
        """An account, with its limits and how much of its bounds is used. Needs the permission read on operator."""
        return self.request("GET", f"/operator/accounts/{quote(id, safe='')}")

    def operator_accounts_update(self, id: str, body: Any = None) -> Account:
        """Changes an account. Needs the permission update on operator."""
        return self.request("PATCH", f"/operator/accounts/{quote(id, safe='')}", body=body)

    def operator_accounts_delete(self, id: str) -> Account:
        """The same as closing it, with the default time of grace. Needs the permission delete on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}")

    def operator_accounts_suspend(self, id: str, body: Any = None) -> Account:
        """Serves an account nothing until it is resumed; what it has waiting waits. Needs the permission update on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/suspend", body=body)

    def operator_accounts_resume(self, id: str, body: Any = None) -> Account:
        """Serves a suspended account again. Needs the permission update on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/resume", body=body)

    def operator_accounts_close(self, id: str, body: Any = None) -> Account:
        """Closes an account: it is served nothing, and deleted when its time of grace is over. Needs the permission delete on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/close", body=body)

    def operator_accounts_restore(self, id: str, body: Any = None) -> Account:
        """Takes back that an account was closed, as long as its deletion has not begun. Needs the permission delete on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/restore", body=body)

    def operator_keys_get(self) -> MasterKeyState:
        """Whether the master key is being replaced, and how far that is. Needs the permission read on operator."""
        return self.request("GET", "/operator/keys")

    def operator_keys_rotate(self, body: Any = None) -> Dict[str, Any]:
        """Begins to put a new master key in the place of the one that there is. Needs the permission update on operator."""
        return self.request("POST", "/operator/keys/rotate", body=body)

    def operator_keys_reseal(self) -> Dict[str, Any]:
        """Seals a portion of the accounts' keys by the new master key. Needs the permission update on operator."""
        return self.request("POST", "/operator/keys/reseal")

    def operator_keys_finish(self) -> MasterKeyState:
        """Ends it: the old master key opens nothing any more. Needs the permission update on operator."""
        return self.request("POST", "/operator/keys/finish")

    def operator_plans_list(self, *, limit: Optional[int] = None) -> Iterator[Plan]:
        """The plans of the installation, by name. Needs the permission read on operator."""
        return self.pages("/operator/plans", {"limit": limit})

    def operator_plans_create(self, body: Any = None) -> Plan:
        """Makes a plan: limits and bounds that accounts are put on. Needs the permission create on operator."""
        return self.request("POST", "/operator/plans", body=body)

    def operator_plans_get(self, name: str) -> Plan:
        """A plan. Needs the permission read on operator."""
        return self.request("GET", f"/operator/plans/{quote(name, safe='')}")

    def operator_plans_update(self, name: str, body: Any = None) -> Plan:
        """Changes a plan, for all accounts that are on it. Needs the permission update on operator."""
        return self.request("PATCH", f"/operator/plans/{quote(name, safe='')}", body=body)

    def operator_plans_delete(self, name: str) -> None:
        """Deletes a plan that no account is on. Needs the permission delete on operator."""
        return self.request("DELETE", f"/operator/plans/{quote(name, safe='')}")

    def operator_deletions_list(self, *, limit: Optional[int] = None) -> Iterator[DeletionReport]:
        """Reports of accounts that were deleted, or are being deleted. Needs the permission read on operator."""
        return self.pages("/operator/deletions", {"limit": limit})

    def operator_deletions_get(self, account: str) -> DeletionReport:
        """The report of one. Needs the permission read on operator."""
        return self.request("GET", f"/operator/deletions/{quote(account, safe='')}")

    def operator_audit_list(self, *, resource: Optional[str] = None, target: Optional[str] = None, token_id: Optional[str] = None, user_id: Optional[str] = None, since: Optional[str] = None, until: Optional[str] = None, account_id: Optional[str] = None, action: Optional[Literal["account.create", "account.change", "account.suspend", "account.resume", "account.close", "account.restore", "account.deleted", "resource.create", "resource.change", "resource.delete", "token.create", "token.change", "token.delete", "people.set_up", "session.create", "session.refused", "session.end", "password.change", "password.link", "password.reset", "user.invite", "user.uninvite", "user.join", "user.change", "user.remove", "passkey.add", "passkey.remove", "portal.link", "second_factor.add", "second_factor.remove", "plan.create", "plan.change", "plan.delete", "keys.rotate", "keys.finish"]] = None, of: Optional[Literal["installation"]] = None, limit: Optional[int] = None) -> Iterator[AuditEntry]:
        """What was changed, of all accounts: who, from where, before and after. Needs the permission read on operator."""
        return self.pages("/operator/audit", {"resource": resource, "target": target, "token_id": token_id, "user_id": user_id, "since": since, "until": until, "account_id": account_id, "action": action, "of": of, "limit": limit})

    def operator_audit_export_get(self, *, resource: Optional[str] = None, target: Optional[str] = None, token_id: Optional[str] = None, user_id: Optional[str] = None, since: Optional[str] = None, until: Optional[str] = None, account_id: Optional[str] = None, action: Optional[Literal["account.create", "account.change", "account.suspend", "account.resume", "account.close", "account.restore", "account.deleted", "resource.create", "resource.change", "resource.delete", "token.create", "token.change", "token.delete", "people.set_up", "session.create", "session.refused", "session.end", "password.change", "password.link", "password.reset", "user.invite", "user.uninvite", "user.join", "user.change", "user.remove", "passkey.add", "passkey.remove", "portal.link", "second_factor.add", "second_factor.remove", "plan.create", "plan.change", "plan.delete", "keys.rotate", "keys.finish"]] = None, of: Optional[Literal["installation"]] = None) -> Any:
        """The same as lines of JSON, oldest first. Needs the permission read on operator."""
        return self.request("GET", "/operator/audit/export", query={"resource": resource, "target": target, "token_id": token_id, "user_id": user_id, "since": since, "until": until, "account_id": account_id, "action": action, "of": of})

    def audit_list(self, *, resource: Optional[str] = None, target: Optional[str] = None, token_id: Optional[str] = None, user_id: Optional[str] = None, since: Optional[str] = None, until: Optional[str] = None, action: Optional[Literal["resource.create", "resource.change", "resource.delete", "token.create", "token.change", "token.delete", "people.set_up", "session.create", "session.refused", "session.end", "password.change", "password.link", "password.reset", "user.invite", "user.uninvite", "user.join", "user.change", "user.remove", "passkey.add", "passkey.remove", "portal.link", "second_factor.add", "second_factor.remove"]] = None, limit: Optional[int] = None) -> Iterator[AuditEntry]:
        """What was changed in the account, sign-ins and refused tries. Needs the permission read on auths."""
        return self.pages("/audit", {"resource": resource, "target": target, "token_id": token_id, "user_id": user_id, "since": since, "until": until, "action": action, "limit": limit})

    def audit_export_get(self, *, resource: Optional[str] = None, target: Optional[str] = None, token_id: Optional[str] = None, user_id: Optional[str] = None, since: Optional[str] = None, until: Optional[str] = None, action: Optional[Literal["resource.create", "resource.change", "resource.delete", "token.create", "token.change", "token.delete", "people.set_up", "session.create", "session.refused", "session.end", "password.change", "password.link", "password.reset", "user.invite", "user.uninvite", "user.join", "user.change", "user.remove", "passkey.add", "passkey.remove", "portal.link", "second_factor.add", "second_factor.remove"]] = None) -> Any:
        """The same as lines of JSON, oldest first. Needs the permission read on auths."""
        return self.request("GET", "/audit/export", query={"resource": resource, "target": target, "token_id": token_id, "user_id": user_id, "since": since, "until": until, "action": action})

    def operator_accounts_tokens_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[Token]:
        """The tokens of an account, live and test. Needs the permission read on operator."""
        return self.pages(f"/operator/accounts/{quote(id, safe='')}/tokens", {"limit": limit})

    def operator_accounts_tokens_create(self, id: str, body: Any = None) -> Dict[str, Any]:
        """Makes a token of an account. Needs the permission create on operator."""
        return self.request("POST", f"/operator/accounts/{quote(id, safe='')}/tokens", body=body)

    def operator_accounts_tokens_get(self, id: str, token: str) -> Token:
        """A token of an account. Needs the permission read on operator."""
        return self.request("GET", f"/operator/accounts/{quote(id, safe='')}/tokens/{quote(token, safe='')}")

    def operator_accounts_tokens_delete(self, id: str, token: str) -> None:
        """Deletes a token of an account, and its test twin. Needs the permission delete on operator."""
        return self.request("DELETE", f"/operator/accounts/{quote(id, safe='')}/tokens/{quote(token, safe='')}")

    def email_templates_list(self, *, limit: Optional[int] = None) -> Iterator[EmailTemplate]:
        """E-mail templates, newest first. Needs the permission read on email_templates."""
        return self.pages("/email-templates", {"limit": limit})

    def email_templates_create(self, body: Any = None) -> EmailTemplate:
        """Makes an e-mail template. Needs the permission create on email_templates."""
        return self.request("POST", "/email-templates", body=body)

    def email_templates_get(self, id: str) -> EmailTemplate:
        """One e-mail template. Needs the permission read on email_templates."""
        return self.request("GET", f"/email-templates/{quote(id, safe='')}")

    def email_templates_update(self, id: str, body: Any = None) -> EmailTemplate:
        """Writes all of an e-mail template. Needs the permission update on email_templates."""
        return self.request("PATCH", f"/email-templates/{quote(id, safe='')}", body=body)

    def email_templates_delete(self, id: str) -> None:
        """Removes an e-mail template. Needs the permission delete on email_templates."""
        return self.request("DELETE", f"/email-templates/{quote(id, safe='')}")

    def email_templates_preview(self, id: str, body: Any = None) -> Dict[str, Any]:
        """What would be sent, its function asked; nothing is sent. Needs the permission create on email_templates."""
        return self.request("POST", f"/email-templates/{quote(id, safe='')}/preview", body=body)

    def email_templates_send(self, id: str, body: Any = None) -> TemplateMail:
        """Sends it, once: answers when the mail is on disk. Needs the permission create on email_templates."""
        return self.request("POST", f"/email-templates/{quote(id, safe='')}/send", body=body)

    def template_mails_list(self, *, template_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[TemplateMail]:
        """Mails that templates became, newest first. Needs the permission read on email_templates."""
        return self.pages("/template-mails", {"template_id": template_id, "limit": limit})

    def template_mails_get(self, id: str) -> TemplateMail:
        """One of them. Needs the permission read on email_templates."""
        return self.request("GET", f"/template-mails/{quote(id, safe='')}")

    def queries_preview(self, body: Any = None) -> Dict[str, Any]:
        """Answers a query that is not saved; no function is run. Needs the permission create on queries."""
        return self.request("POST", "/queries/preview", body=body)

    def query_connections_list(self) -> Iterator[Dict[str, Any]]:
        """External databases that the account may read. Needs the permission read on queries."""
        return self.pages("/query-connections")

    def queries_run(self, id: str) -> QueryExecution:
        """Executes a query once, now: answers when that is on disk. Needs the permission create on queries."""
        return self.request("POST", f"/queries/{quote(id, safe='')}/run")

    def queries_list(self, *, limit: Optional[int] = None) -> Iterator[Query]:
        """Saved queries, newest first. Needs the permission read on queries."""
        return self.pages("/queries", {"limit": limit})

    def queries_create(self, body: Any = None) -> Query:
        """Saves a query. Needs the permission create on queries."""
        return self.request("POST", "/queries", body=body)

    def queries_get(self, id: str) -> Query:
        """One query. Needs the permission read on queries."""
        return self.request("GET", f"/queries/{quote(id, safe='')}")

    def queries_update(self, id: str, body: Any = None) -> Query:
        """Writes all of a query. Needs the permission update on queries."""
        return self.request("PATCH", f"/queries/{quote(id, safe='')}", body=body)

    def queries_delete(self, id: str) -> None:
        """Removes a query; its executions stay. Needs the permission delete on queries."""
        return self.request("DELETE", f"/queries/{quote(id, safe='')}")

    def query_executions_list(self, *, query_id: Optional[str] = None, limit: Optional[int] = None) -> Iterator[QueryExecution]:
        """Executions of queries, newest first. Needs the permission read on queries."""
        return self.pages("/query-executions", {"query_id": query_id, "limit": limit})

    def queries_executions_list(self, id: str, *, limit: Optional[int] = None) -> Iterator[QueryExecution]:
        """Executions of one query, newest first. Needs the permission read on queries."""
        return self.pages(f"/queries/{quote(id, safe='')}/executions", {"limit": limit})

    def query_executions_get(self, id: str) -> QueryExecution:
        """One of them, with its results. Needs the permission read on queries."""
        return self.request("GET", f"/query-executions/{quote(id, safe='')}")

    def payment_profiles_list(self, *, limit: Optional[int] = None) -> Iterator[PaymentProfile]:
        """Payment profiles, newest first. Needs the permission read on payment_profiles."""
        return self.pages("/payment-profiles", {"limit": limit})

    def payment_profiles_create(self, body: Any = None) -> PaymentProfile:
        """Makes a payment profile. Needs the permission create on payment_profiles."""
        return self.request("POST", "/payment-profiles", body=body)

    def payment_profiles_get(self, id: str) -> PaymentProfile:
        """One payment profile. Needs the permission read on payment_profiles."""
        return self.request("GET", f"/payment-profiles/{quote(id, safe='')}")

    def payment_profiles_update(self, id: str, body: Any = None) -> PaymentProfile:
        """Writes all of a payment profile. Needs the permission update on payment_profiles."""
        return self.request("PATCH", f"/payment-profiles/{quote(id, safe='')}", body=body)

    def payment_profiles_delete(self, id: str) -> None:
        """Removes a payment profile. Needs the permission delete on payment_profiles."""
        return self.request("DELETE", f"/payment-profiles/{quote(id, safe='')}")

    def payment_profiles_requests(self, id: str, body: Any = None) -> PaymentDecision:
        """Decides a payment request: answers when the profile has been gone through. Needs the permission create on hosted_function_executions."""
        return self.request("POST", f"/payment-profiles/{quote(id, safe='')}/requests", body=body)

    def subscriptions_list(self, *, event_type: Optional[str] = None, limit: Optional[int] = None) -> Iterator[Subscription]:
        """Event subscriptions, newest first. Needs the permission read on event_subscriptions."""
        return self.pages("/subscriptions", {"event_type": event_type, "limit": limit})

    def subscriptions_create(self, body: Any = None) -> Subscription:
        """Sends events of a type to an address, or by e-mail. Needs the permission create on event_subscriptions."""
        return self.request("POST", "/subscriptions", body=body)

    def subscriptions_get(self, id: str) -> Subscription:
        """One event subscription, without its secrets. Needs the permission read on event_subscriptions."""
        return self.request("GET", f"/subscriptions/{quote(id, safe='')}")

    def subscriptions_update(self, id: str, body: Any = None) -> Subscription:
        """Changes an event subscription; secrets that are left out stay. Needs the permission update on event_subscriptions."""
        return self.request("PATCH", f"/subscriptions/{quote(id, safe='')}", body=body)

    def subscriptions_delete(self, id: str) -> None:
        """Deletes an event subscription; what is on its way to it fails. Needs the permission delete on event_subscriptions."""
        return self.request("DELETE", f"/subscriptions/{quote(id, safe='')}")

    def subscriptions_test(self, id: str, body: Any = None) -> Dict[str, Any]:
        """Sends a made-up event to the destination, now and once. Needs the permission update on event_subscriptions."""
        return self.request("POST", f"/subscriptions/{quote(id, safe='')}/test", body=body)

    def deliveries_list(self, *, subscription_id: Optional[str] = None, event_type: Optional[str] = None, status: Optional[Literal["queued", "delivered", "retry", "failed"]] = None, limit: Optional[int] = None) -> Iterator[Delivery]:
        """What was sent to subscriptions, newest first. Needs the permission read on events."""
        return self.pages("/deliveries", {"subscription_id": subscription_id, "event_type": event_type, "status": status, "limit": limit})

    def deliveries_get(self, id: str) -> Delivery:
        """One delivery. Needs the permission read on events."""
        return self.request("GET", f"/deliveries/{quote(id, safe='')}")

    def deliveries_retry(self, id: str) -> Delivery:
        """Sends it again, from the beginning of its retries. Needs the permission update on events."""
        return self.request("POST", f"/deliveries/{quote(id, safe='')}/retry")

    def import_revcent(self, body: Any = None, *, dry_run: Optional[Literal["true", "false"]] = None) -> ImportReport:
        """Makes a disabled function of RevCent's import file; with dry_run only the report. Needs the permission create on hosted_functions."""
        return self.request("POST", "/import/revcent", query={"dry_run": dry_run}, body=body)

    def session_get(self) -> Dict[str, Any]:
        """Who is signed in, and what they may do in which account. For those who are signed in."""
        return self.request("GET", "/session")

    def session(self, body: Any = None) -> Session:
        """Signs in. For everybody."""
        return self.request("POST", "/session", body=body)

    def session_delete(self) -> None:
        """Signs out. For those who are signed in."""
        return self.request("DELETE", "/session")

    def sessions_list(self) -> Iterator[Dict[str, Any]]:
        """Your sessions, the one used last first. For those who are signed in."""
        return self.pages("/sessions")

    def sessions_delete(self) -> Dict[str, Any]:
        """Ends all your sessions but this one. For those who are signed in."""
        return self.request("DELETE", "/sessions")

    def sessions_delete_one(self, id: str) -> None:
        """Ends one of your sessions. For those who are signed in."""
        return self.request("DELETE", f"/sessions/{quote(id, safe='')}")

    def session_second_factor(self, body: Any = None) -> Dict[str, Any]:
        """Begins a second factor: a secret for your authenticator. For those who are signed in."""
        return self.request("POST", "/session/second-factor", body=body)

    def session_second_factor_delete(self, body: Any = None) -> None:
        """Removes your second factor. For those who are signed in."""
        return self.request("DELETE", "/session/second-factor", body=body)

    def session_second_factor_confirm(self, body: Any = None) -> Dict[str, Any]:
        """Sets the second factor up, by a first code; from now on, every sign-in by password asks for one. For those who are signed in."""
        return self.request("POST", "/session/second-factor/confirm", body=body)

    def session_passkeys_options(self, body: Any = None) -> Dict[str, Any]:
        """Begins a new passkey, with your password. For those who are signed in."""
        return self.request("POST", "/session/passkeys/options", body=body)

    def session_passkeys_list(self) -> Iterator[Passkey]:
        """Your passkeys. For those who are signed in."""
        return self.pages("/session/passkeys")

    def session_passkeys(self, body: Any = None) -> Passkey:
        """Adds a passkey. For those who are signed in."""
        return self.request("POST", "/session/passkeys", body=body)

    def session_passkeys_delete(self, id: str) -> None:
        """Removes a passkey. For those who are signed in."""
        return self.request("DELETE", f"/session/passkeys/{quote(id, safe='')}")

    def session_passkey_options(self) -> Dict[str, Any]:
        """Begins signing in by a passkey. For everybody."""
        return self.request("POST", "/session/passkey/options")

    def session_passkey(self, body: Any = None) -> Session:
        """Signs in by a passkey. For everybody."""
        return self.request("POST", "/session/passkey", body=body)

    def session_openid_get(self) -> None:
        """Sends the browser to the provider, to sign in. For everybody."""
        return self.request("GET", "/session/openid")

    def session_openid_return_get(self, *, code: Optional[str] = None, state: Optional[str] = None, iss: Optional[str] = None, session_state: Optional[str] = None, error: Optional[str] = None, error_description: Optional[str] = None) -> None:
        """Takes the browser back from the provider: signs in, and sends it to the console. For everybody."""
        return self.request("GET", "/session/openid/return", query={"code": code, "state": state, "iss": iss, "session_state": session_state, "error": error, "error_description": error_description})

    def session_ways_get(self) -> Dict[str, Any]:
        """Ways to sign in besides passwords and passkeys. For everybody."""
        return self.request("GET", "/session/ways")

    def device_authorizations(self, body: Any = None) -> Dict[str, Any]:
        """Begins to sign in a program that has no browser. For everybody."""
        return self.request("POST", "/device-authorizations", body=body)

    def device_authorizations_token(self, body: Any = None) -> Dict[str, Any]:
        """Whether the person has answered: the token, once. For everybody."""
        return self.request("POST", "/device-authorizations/token", body=body)

    def device_authorizations_get(self, code: str) -> Dict[str, Any]:
        """What asks to be signed in, by the code that it shows. For those who are signed in."""
        return self.request("GET", f"/device-authorizations/{quote(code, safe='')}")

    def device_authorizations_refuse(self, code: str) -> None:
        """Refuses to sign it in. For those who are signed in."""
        return self.request("POST", f"/device-authorizations/{quote(code, safe='')}/refuse")

    def portal_session_get(self) -> Dict[str, Any]:
        """The portal that is open: whose, until when, and what it shows. For those who are signed in."""
        return self.request("GET", "/portal-session")

    def portal_session(self, body: Any = None) -> Dict[str, Any]:
        """Opens a portal by its link. For everybody."""
        return self.request("POST", "/portal-session", body=body)

    def portal_session_delete(self) -> None:
        """Closes the portal. For those who are signed in."""
        return self.request("DELETE", "/portal-session")

    def setup_accept(self, body: Any = None) -> Session:
        """Makes the first person by the link that a start has shown, and signs in; once. For everybody."""
        return self.request("POST", "/setup/accept", body=body)

    def invitations_accept(self, body: Any = None) -> Optional[Session]:
        """Joins an account by the link of an invitation, and signs in. For everybody."""
        return self.request("POST", "/invitations/accept", body=body)

    def password_links(self, body: Any = None) -> Dict[str, Any]:
        """Asks for a link to set a new password, by mail. For everybody."""
        return self.request("POST", "/password-links", body=body)

    def password_links_accept(self, body: Any = None) -> None:
        """Sets a new password by the link; every session of the person ends. For everybody."""
        return self.request("POST", "/password-links/accept", body=body)

    def session_password_replace(self, body: Any = None) -> None:
        """Changes your password; all your other sessions end. For those who are signed in."""
        return self.request("PUT", "/session/password", body=body)
