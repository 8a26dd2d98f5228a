"""Tasks: the extension of the modern revision, and the core tasks of 2025-11-25."""

import datetime
import secrets
import threading
import time

from asking import fits
from behaviour import META, Behaviour, Call, RPCError

EXTENSION = META + "tasks"
RELATED = META + "related-task"
LIFE_MS = 60_000
POLL_MS = 20
LACKING = {"requiredCapabilities": {"extensions": {EXTENSION: {}}}}


def now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat()


class Task:
    def __init__(self, era: str, name: str, question: tuple[str, dict] | None) -> None:
        self.identifier, self.era, self.name = secrets.token_hex(8), era, name
        self.status, self.question, self.answer = "working", question, None
        self.created = self.updated = now()
        self.finished = threading.Event()

    def state(self) -> dict:
        life = ("ttl", "pollInterval") if self.era == "legacy" else ("ttlMs", "pollIntervalMs")
        return {
            "taskId": self.identifier,
            "status": self.status,
            "createdAt": self.created,
            "lastUpdatedAt": self.updated,
            life[0]: LIFE_MS,
            life[1]: POLL_MS,
        }

    def result(self) -> dict:
        text = f"Hello, {self.answer['content']['name']}!" if self.answer else f"{self.name} is done"
        return {"content": [{"type": "text", "text": text}]}

    def detailed(self) -> dict:
        state = self.state()
        if self.status == "input_required":
            method, params = self.question
            return state | {"inputRequests": {"user_name": {"method": method, "params": params}}}
        if self.status == "completed":
            return state | {"result": {"resultType": "complete"} | self.result()}
        return state


class Tasks:
    def __init__(self, server: Behaviour) -> None:
        self.server = server
        self.tasks: dict[str, Task] = {}

    def begin(self, call: Call, required: bool, question: tuple[str, dict] | None = None) -> dict:
        """Makes a task of a call if its client can take one, else answers at once."""
        extensions = call.capabilities.get("extensions") or {}
        able = EXTENSION in extensions if call.era == "modern" else "task" in call.params
        task = Task(call.era, call.params["name"], question)
        if not able and required:
            if call.era == "modern":
                raise RPCError(-32021, "Missing required client capability", LACKING)
            raise RPCError(-32601, "This tool runs only as a task")
        if not able:
            return task.result()
        self.tasks[task.identifier] = task
        threading.Thread(target=self.work, args=(task,), daemon=True).start()
        if call.era == "legacy":
            return {"task": task.state()}
        return {"resultType": "task"} | task.state()

    def work(self, task: Task) -> None:
        time.sleep(0.1)
        self.become(task, "input_required" if task.question and task.era == "modern" else "completed")

    def become(self, task: Task, status: str) -> None:
        if task.finished.is_set():
            return
        task.status, task.updated = status, now()
        if status in ("completed", "cancelled", "failed"):
            task.finished.set()
        if task.era == "modern":
            self.server.announce("notifications/tasks", task.detailed())
        else:
            self.server.announce("notifications/tasks/status", task.state())

    def find(self, call: Call) -> Task:
        task = self.tasks.get(call.params.get("taskId", ""))
        if task is None or task.era != call.era:
            raise RPCError(-32602, "Unknown task")
        if call.era == "modern" and EXTENSION not in (call.capabilities.get("extensions") or {}):
            raise RPCError(-32021, "Missing required client capability", LACKING)
        return task

    def get(self, call: Call) -> dict:
        task = self.find(call)
        return task.state() if call.era == "legacy" else task.detailed()

    def update(self, call: Call) -> dict:
        task = self.find(call)
        if call.era == "legacy":
            raise RPCError(-32601, "Method not found")
        answer = (call.params.get("inputResponses") or {}).get("user_name")
        if task.status == "input_required" and fits(*task.question, answer):
            task.answer = answer
            self.become(task, "completed")
        return {}

    def cancel(self, call: Call) -> dict:
        task = self.find(call)
        if call.era == "legacy" and task.finished.is_set():
            raise RPCError(-32602, "The task has ended")
        self.become(task, "cancelled")
        return task.state() if call.era == "legacy" else {}

    def result(self, call: Call) -> dict:
        if call.era == "modern":
            raise RPCError(-32601, "Method not found")
        task = self.find(call)
        task.finished.wait(20)
        return task.result() | {"_meta": {RELATED: {"taskId": task.identifier}}}

    def all(self, call: Call) -> dict:
        if call.era == "modern":
            raise RPCError(-32601, "Method not found")
        return {"tasks": [task.state() for task in self.tasks.values() if task.era == "legacy"]}
