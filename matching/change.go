package matching

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

const changeHeader = "doublerandom/change/v1"

// A Change is one place of a roster that another inspector takes, after the fact. It has one
// text, whose hash the next change names, so that none can be left out or put in between
// later; the old name and the reason stay.
type Change struct {
	Roster   [32]byte // hash of the roster's text
	Sequence uint64   // number among the roster's changes, from 1
	Previous [32]byte // hash of the text of the change before; zero for the first
	Task     string   // ID
	Place    int      // number of the place, from 1
	Leaves   string   // ID of the inspector who leaves
	All      bool     // whether the inspector is not sent anywhere else either
	Joins    string   // ID of the substitute; "" if there is nobody
	Reason   string   // class of the reason
}

// MarshalText returns the one text of the change. It fails if a field is not valid.
func (c *Change) MarshalText() ([]byte, error) {
	if problem := c.problem(); problem != "" {
		return nil, fmt.Errorf("matching: change: %s", problem)
	}
	previous, scope := "none", "task"
	if c.Previous != ([32]byte{}) {
		previous = hex.EncodeToString(c.Previous[:])
	}
	if c.All {
		scope = "all"
	}
	return fmt.Appendf(nil, "%s\nroster %x\nsequence %d\nprevious %s\ntask %s\nplace %d\nleaves %s %s\njoins %s\nreason %s\n",
		changeHeader, c.Roster, c.Sequence, previous, c.Task, c.Place, c.Leaves, scope, orNone(c.Joins), c.Reason), nil
}

func (c *Change) problem() string {
	switch {
	case c.Sequence < 1:
		return "number 0, expected 1 or more"
	case (c.Sequence == 1) != (c.Previous == [32]byte{}):
		return "only the first change has none before it"
	case c.Place < 1 || c.Place > MaxTeam:
		return fmt.Sprintf("place %d, expected 1 to %d", c.Place, MaxTeam)
	case c.Joins == "none" || c.Joins == c.Leaves:
		return fmt.Sprintf("%s joins", label.Quote(c.Joins))
	}
	return checkLabels(c.Task, c.Leaves, orNone(c.Joins), c.Reason)
}

// UnmarshalText reads the text of a change and nothing else. If the text is malformed the
// change is unchanged.
func (c *Change) UnmarshalText(text []byte) error {
	const most = 4096
	if len(text) > most {
		return fmt.Errorf("matching: change has %d bytes, expected at most %d", len(text), most)
	}
	next := Change{}
	fields := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		keyword, rest, _ := strings.Cut(line, " ")
		if i > 0 {
			fields[keyword] = rest
		}
	}
	var problem string
	number := func(keyword string, most uint64) uint64 {
		n, wrong := natural(fields[keyword], most)
		if wrong != "" && problem == "" {
			problem = keyword + " " + wrong
		}
		return n
	}
	hash := func(keyword string) (h [32]byte) {
		b, err := hex.DecodeString(fields[keyword])
		if (err != nil || len(b) != len(h)) && problem == "" {
			problem = fmt.Sprintf("%s %s, expected 64 hexadecimal digits", keyword, label.Quote(fields[keyword]))
			return h
		}
		copy(h[:], b)
		return h
	}
	next.Roster, next.Sequence, next.Place = hash("roster"), number("sequence", 1<<32), int(number("place", MaxTeam))
	if fields["previous"] != "none" {
		next.Previous = hash("previous")
	}
	leaves, scope, _ := strings.Cut(fields["leaves"], " ")
	next.Task, next.Leaves, next.All, next.Joins, next.Reason = fields["task"], leaves, scope == "all", fromNone(fields["joins"]), fields["reason"]
	if problem != "" {
		return fmt.Errorf("matching: change: %s", problem)
	}
	again, err := next.MarshalText()
	if err != nil {
		return err
	}
	if !bytes.Equal(again, text) { // one value has one text
		return fmt.Errorf("matching: change: the text is not %s", label.Quote(string(again)))
	}
	*c = next
	return nil
}
