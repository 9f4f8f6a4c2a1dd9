package visit

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

const planHeader = "doublerandom/slots/v1"

// MarshalText returns the one text of the plan: a header, the numbers of lines that follow, a
// line "visit task slot" for each visit by task, and a line "without task" for each other. It
// fails if the entries are not sorted or not valid.
func (p *Plan) MarshalText() ([]byte, error) {
	b := fmt.Appendf(nil, "%s\nvisits %d\nwithout %d\n", planHeader, len(p.Slots), len(p.Without))
	for i, e := range p.Slots {
		if label.Check(e.Task) != "" || label.Check(e.Slot) != "" || i > 0 && p.Slots[i-1].Task >= e.Task {
			return nil, fmt.Errorf("visit: entry %q at %q is not valid or out of order", e.Task, e.Slot)
		}
		b = fmt.Appendf(b, "visit %s %s\n", e.Task, e.Slot)
	}
	for i, task := range p.Without {
		if label.Check(task) != "" || i > 0 && p.Without[i-1] >= task {
			return nil, fmt.Errorf("visit: task %q is not valid or out of order", task)
		}
		b = fmt.Appendf(b, "without %s\n", task)
	}
	return b, nil
}

// UnmarshalText reads the text of a plan and nothing else. If the text is malformed the plan is
// unchanged.
func (p *Plan) UnmarshalText(text []byte) error {
	const most = 1 << 28
	if len(text) > most {
		return fmt.Errorf("visit: plan has %d bytes, expected at most %d", len(text), most)
	}
	next := new(Plan)
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		f := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case n == 1 && f[0] == planHeader && len(f) == 1:
		case n == 2 && f[0] == "visits" && len(f) == 2:
		case n == 3 && f[0] == "without" && len(f) == 2:
		case n > 3 && f[0] == "visit" && len(f) == 3 && len(next.Without) == 0:
			next.Slots = append(next.Slots, Entry{f[1], f[2]})
		case n > 3 && f[0] == "without" && len(f) == 2:
			next.Without = append(next.Without, f[1])
		default:
			return fmt.Errorf("visit: plan line %d is %s, which is not expected there", n, strconv.Quote(line[:min(len(line), 80)]))
		}
	}
	again, err := next.MarshalText()
	if err != nil {
		return err
	}
	if !bytes.Equal(again, text) {
		return fmt.Errorf("visit: plan of %d bytes is not the text of its %d visits", len(text), len(next.Slots))
	}
	*p = *next
	return nil
}
