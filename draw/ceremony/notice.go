package ceremony

import (
	"errors"
	"fmt"
	"slices"

	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
	"golang.org/x/mod/sumdb/note"
)

// parse reads the statement in a note whose signatures are still to be verified:
// for a contribution the text says whose key that takes.
func parse(step string, signed []byte, kind string, into statement.Statement) error {
	if len(signed) > statement.MaxNote {
		return &Error{Step: step, Kind: Malformed, Have: fmt.Sprintf("note has %d bytes", len(signed)), Want: fmt.Sprintf("at most %d", statement.MaxNote)}
	}
	_, err := note.Open(signed, note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return &Error{Step: step, Kind: Malformed, Have: "not a signed note", Err: err}
	}
	text := []byte(unverified.Note.Text)
	if have := statement.Kind(text); have != kind {
		if have == "" {
			have = "none"
		}
		return &Error{Step: step, Kind: Malformed, Have: "statement is " + have, Want: kind}
	}
	if err := into.UnmarshalText(text); err != nil {
		return &Error{Step: step, Kind: Malformed, Have: kind + " is malformed", Err: err}
	}
	return nil
}

// verify returns the ID of a note that is signed by key.
func (c *Ceremony) verify(step, contributor string, signed []byte, key note.Verifier) (statement.ID, error) {
	s, err := statement.OpenNote(c.in.Suite, signed, note.VerifierList(key))
	if err != nil {
		return statement.ID{}, &Error{
			Step: step, Contributor: contributor, Kind: BadSignature,
			Have: fmt.Sprintf("not signed by the key %s+%08x that the series names", key.Name(), key.KeyHash()), Err: err,
		}
	}
	return s.ID, nil
}

// read parses a statement of the regulator and verifies its signature.
func (c *Ceremony) read(step string, signed []byte, kind string, into statement.Statement) (statement.ID, error) {
	if err := parse(step, signed, kind, into); err != nil {
		return statement.ID{}, err
	}
	return c.verify(step, "", signed, c.regulator)
}

// openSeries reads the series and the regulator's key.
func (c *Ceremony) openSeries(signed []byte) error {
	if err := parse("announce", signed, "series", &c.series); err != nil {
		return err
	}
	if c.series.Suite != c.in.Suite.Name() {
		return mismatch("announce", "series has suite "+label.Quote(c.series.Suite), label.Quote(c.in.Suite.Name()))
	}
	key, err := c.in.Keys(c.series.Regulator)
	if err != nil {
		return &Error{Step: "announce", Kind: BadSignature, Have: "key of the regulator cannot be used", Err: err}
	}
	c.regulator = key
	c.seriesID, err = c.verify("announce", "", signed, key)
	return err
}

// openNotice reads the notice and holds it against the series.
func (c *Ceremony) openNotice(signed []byte) error {
	id, err := c.read("announce", signed, "notice", &c.notice)
	if err != nil {
		return err
	}
	c.noticeID = id
	if c.notice.Series != c.seriesID {
		return otherDraw("announce", "series", c.notice.Series, c.seriesID)
	}
	if err := CheckNotice(&c.series, &c.notice); err != nil {
		return err
	}
	for _, p := range c.notice.Contributors {
		key, err := c.in.Keys(keyOf(&c.series, p.Name))
		if err != nil {
			return &Error{Step: "announce", Contributor: p.Name, Kind: BadSignature, Have: "its key cannot be used", Err: err}
		}
		c.parts = append(c.parts, part{name: p.Name, by: p.By, key: key})
	}
	c.last = c.notice.Created
	return c.checkBeacon()
}

// CheckNotice returns nil if a notice keeps to the rules of its series: time,
// contributors and their means, minimum, withheld reveals, beacon. Otherwise its
// error is an *[Error]. The beacon's entropy and timetable are not part of it.
func CheckNotice(series *statement.Series, notice *statement.Notice) error {
	if notice.Created.Before(series.Created) {
		return mismatch("announce", "notice was created "+instant(notice.Created), "not before the series, "+instant(series.Created))
	}
	keys := map[string]string{} // to the name of the contributor
	for _, p := range notice.Contributors {
		fail := func(kind Kind, have, want string) error {
			return &Error{Step: "announce", Contributor: p.Name, Kind: kind, Have: have, Want: want}
		}
		key := keyOf(series, p.Name)
		if key == "" {
			return fail(Stranger, "not in the series", "one of its contributors")
		}
		if other, ok := keys[key]; ok {
			return fail(Mismatch, "has the key of "+label.Quote(other), "a key of its own")
		}
		keys[key] = p.Name
		if p.By != statement.ByChain {
			continue
		}
		chain, ok := chainOf(series, p.Name)
		if !ok {
			return fail(Stranger, "has no hash chain in the series", "a commit")
		}
		if notice.Number > chain.Length {
			return fail(Mismatch, fmt.Sprintf("hash chain of length %d for draw %d", chain.Length, notice.Number), "a longer one")
		}
	}
	switch {
	case notice.Minimum < series.Minimum:
		return mismatch("announce", fmt.Sprintf("notice has a minimum of %d contributions", notice.Minimum), fmt.Sprintf("at least %d", series.Minimum))
	case notice.Withheld > series.Withheld:
		return mismatch("announce", fmt.Sprintf("notice allows %d withheld reveals", notice.Withheld), fmt.Sprintf("at most %d", series.Withheld))
	case notice.Beacon != "" && !slices.Contains(series.Beacons, notice.Beacon):
		return badBeacon("announce", "beacon "+label.Quote(notice.Beacon)+" is not in the series", "", nil)
	}
	return nil
}

// checkBeacon checks that the beacon can do what the notice announces.
func (c *Ceremony) checkBeacon() error {
	n, b := &c.notice, c.in.Beacon
	if n.Beacon == "" {
		return nil
	}
	if b == nil {
		return badBeacon("announce", "no beacon given", label.Quote(n.Beacon), nil)
	}
	if b.Name() != n.Beacon {
		return badBeacon("announce", "given beacon is "+label.Quote(b.Name()), label.Quote(n.Beacon), nil)
	}
	if err := beacon.CheckEntropy(b, n.Round, int(c.series.Entropy)); err != nil { // at most 4096
		return badBeacon("announce", "beacon is too weak", "", err)
	}
	if t, ok := b.(beacon.Timetable); ok {
		at, err := t.TimeOf(n.Round)
		if err != nil {
			return badBeacon("announce", "round has no time", "", err)
		}
		if at.Before(n.PulseAt) {
			return badBeacon("announce", "round "+label.Quote(n.Round)+" is public from "+instant(at), "not before pulse-at, "+instant(n.PulseAt), nil)
		}
	}
	return nil
}

// keyOf returns the verifier key of a contributor of the series, or "".
func keyOf(series *statement.Series, contributor string) string {
	for _, c := range series.Contributors {
		if c.Name == contributor {
			return c.Key
		}
	}
	return ""
}

// mismatch returns the error about a statement that says something else.
func mismatch(step, have, want string) error {
	return &Error{Step: step, Kind: Mismatch, Have: have, Want: want}
}

// otherDraw returns the error about a statement that is bound to something else.
func otherDraw(step, what string, have, want statement.ID) error {
	return &Error{Step: step, Kind: OtherDraw, Have: "is for " + what + " " + hexOf(have), Want: hexOf(want)}
}

// badBeacon returns the error about a beacon.
func badBeacon(step, have, want string, err error) error {
	return &Error{Step: step, Kind: BadBeacon, Have: have, Want: want, Err: err}
}
