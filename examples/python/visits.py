"""matching/SPEC.md, section 7: slots and methods."""
from selection import Key, ticket
from texts import *


class Schedule:
    """visits: task -> (inspectors, departments, area); slots: ID -> room by department."""

    def __init__(self, key, visits, slots):
        self.visits, self.slots, self.at = visits, sorted(slots, key=utf), {}
        self.room = {k: dict(r) for k, r in slots.items()}
        self.busy, self.areas = {k: {} for k in slots}, {k: {} for k in slots}
        base = Key(key, b"slot")
        for v in sorted(visits, key=lambda v: (ticket(base, v), utf(v))):
            own = Key(base, b"slot", utf(v))
            area = visits[v][2]
            self.tries = 0
            self.place(v, sorted(self.slots, key=lambda k: (self.areas[k].get(area, 0) == 0, ticket(own, k))), 3)

    def free(self, v, k):
        inspectors, departments, _ = self.visits[v]
        return all(self.room[k].get(d, 0) > 0 for d in departments) and not any(i in self.busy[k] for i in inspectors)

    def put(self, v, k, n=1):
        inspectors, departments, area = self.visits[v]
        for d in departments:
            self.room[k][d] -= n
        self.areas[k][area] = self.areas[k].get(area, 0) + n
        for i in inspectors:
            if n > 0:
                self.busy[k][i] = v
            else:
                del self.busy[k][i]
        if n > 0:
            self.at[v] = k
        else:
            del self.at[v]

    def in_the_way(self, v, k):
        inspectors, departments, _ = self.visits[v]
        others = {self.busy[k][i] for i in inspectors if i in self.busy[k]}
        if others:
            return others.pop() if len(others) == 1 else None
        full = {d for d in departments if self.room[k].get(d, 0) < 1}
        return min((o for o, at in self.at.items() if at == k and full & set(self.visits[o][1])), key=utf, default=None)

    def place(self, v, order, moves):
        for k in order:
            if self.free(v, k):
                self.put(v, k)
                return True
        for k in order if moves else []:
            other = self.in_the_way(v, k)
            if other is None:
                continue
            self.tries += 1
            if self.tries > 1024:
                return False
            self.put(other, k, -1)
            if self.free(v, k):
                self.put(v, k)
                if self.place(other, self.slots, moves - 1):
                    return True
                self.put(v, k, -1)
            self.put(other, k)
        return False


def methods(key, task, options, count):
    k = Key(key, b"method", b"method", utf(task))
    return sorted(options, key=lambda o: (ticket(k, o), utf(o)))[:count]


def appointments(key, template, teams, stratum_of):
    """The text of visits.txt; teams: task -> inspectors."""
    visits = {t: (who, list(dict.fromkeys(p[0] for p in template["places"][stratum_of[t]] if p[0])), stratum_of[t]) for t, who in teams.items()}
    plan = Schedule(key, visits, template["slots"])
    lines = ["doublerandom/visits/v1", "visits %d" % len(teams)]
    for t in sorted(teams, key=utf):
        lines.append(" ".join(["visit", t, plan.at.get(t, "none")] + methods(key, t, template["methods"], template["per"])))
    return utf("\n".join(lines) + "\n")
