package ceremony

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/beacon"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// A kit has all that a draw needs. Everything random in it is the hash of a
// name. Tests change its series and notice before they announce it.
type kit struct {
	t      testing.TB
	in     Inputs
	keys   map[string]note.Signer
	start  time.Time
	series statement.Series
	notice statement.Notice
	plan   *draw.Plan
	frame  *registry.Frame
	secret *Secret

	seriesNote []byte
	noticeNote []byte
	seriesID   statement.ID
	noticeID   statement.ID
}

// random returns 32 bytes that stand for random ones.
func random(name string, args ...any) [32]byte { return sha256.Sum256(fmt.Appendf(nil, name, args...)) }

// newKey returns the signer and verifier key of a name.
func newKey(t testing.TB, name string) (note.Signer, string) {
	seed := random("key of %s", name)
	private := ed25519.NewKeyFromSeed(seed[:])
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	require.NoError(t, err)
	hash := strings.Split(vkey, "+")[1]
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))
	require.NoError(t, err)
	return signer, vkey
}

const (
	round = "2026101x3"
	value = "3.8.12.19.27.33./7./1.5.16.20.21.30./16./9.10.11.22.28.31./2./"
)

// newKit returns the kit of a sealed draw with three contributors, by commit, and
// a lottery of 72 bits.
func newKit(t testing.TB) *kit {
	k := &kit{t: t, keys: map[string]note.Signer{}, start: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
	lottery, err := beacon.Lottery("lottery")
	require.NoError(t, err)
	known, err := lottery.With(map[string]string{round: value})
	require.NoError(t, err)
	k.in = Inputs{Suite: draw.SHA256(), Beacon: known}
	k.secret, err = NewSecret(random("secret"))
	require.NoError(t, err)

	k.frame, err = registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 40 {
			if !yield(registry.Unit{ID: fmt.Sprintf("unit-%02d", i), Stratum: fmt.Sprintf("s%d", i%2), Weight: uint64(1 + i%3)}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	quotas, err := draw.Proportional(k.frame.Strata(), 6, draw.Bounds{})
	require.NoError(t, err)
	k.plan, err = draw.NewPlan(k.in.Suite, k.frame, quotas, 1)
	require.NoError(t, err)

	k.series = statement.Series{
		Authority: "the authority", Scope: "the scope", Created: k.start, Suite: "sha256", Regulator: k.key("regulator"),
		Minimum: 2, Withheld: 1, Beacons: []string{"lottery"}, Entropy: 64, Outage: statement.OutageVoid,
	}
	k.notice = statement.Notice{
		Number: 1, Created: k.start, Mode: statement.Sealed, Plan: k.plan.ID(), Frame: statement.Plain,
		Root: k.plan.FrameRoot(), Units: k.plan.Units(), Minimum: 2, Withheld: 1, Beacon: "lottery", Round: round,
		Secret: k.secret.Commitment(k.in.Suite), CommitBy: k.at(1), RevealBy: k.at(2), CloseBy: k.at(3), PulseAt: k.at(4), OpenBy: k.at(24),
	}
	k.contributors(statement.ByCommit, "chamber", "council", "press")
	return k
}

// at returns the time of an hour of the draw.
func (k *kit) at(hour int) time.Time { return k.start.Add(time.Duration(hour) * time.Hour) }

// key returns the verifier key of a name, whose signer is kept.
func (k *kit) key(name string) string {
	signer, vkey := newKey(k.t, name+".example")
	k.keys[name] = signer
	return vkey
}

// contributors sets the contributors of series and notice.
func (k *kit) contributors(by statement.Means, names ...string) {
	k.series.Contributors, k.series.Chains, k.notice.Contributors = nil, nil, nil
	slices.Sort(names)
	for _, name := range names {
		k.series.Contributors = append(k.series.Contributors, statement.Contributor{Name: name, Key: k.key(name)})
		k.notice.Contributors = append(k.notice.Contributors, statement.Participant{Name: name, By: by})
		if by == statement.ByChain {
			k.series.Chains = append(k.series.Chains, k.chain(name).Line())
		}
	}
}

func (k *kit) chain(name string) *Chain {
	secret, err := NewSecret(random("chain of %s", name))
	require.NoError(k.t, err)
	c, err := NewChain(k.in.Suite, secret, name, 881)
	require.NoError(k.t, err)
	return c
}

// open makes the draw an open one.
func (k *kit) open() { k.notice.Mode, k.notice.Secret = statement.Open, statement.ID{} }

// withoutBeacon takes the beacon away.
func (k *kit) withoutBeacon() { k.notice.Beacon, k.notice.Round = "", "" }

// sign returns a statement signed by the key of a name.
func (k *kit) sign(name string, s statement.Statement) []byte {
	k.t.Helper()
	signed, err := statement.Sign(k.in.Suite, s, k.keys[name])
	require.NoError(k.t, err)
	return signed.Note
}

func (k *kit) id(signed []byte) statement.ID {
	text, _, _ := strings.Cut(string(signed), "\n\n")
	return statement.IDOf(k.in.Suite, []byte(text+"\n"))
}

// signAll signs series and notice as they are now.
func (k *kit) signAll() {
	k.t.Helper()
	k.seriesNote = k.sign("regulator", &k.series)
	k.seriesID = k.id(k.seriesNote)
	if k.notice.Series == (statement.ID{}) {
		k.notice.Series = k.seriesID
	}
	k.noticeNote = k.sign("regulator", &k.notice)
	k.noticeID = k.id(k.noticeNote)
}

// announce signs and announces.
func (k *kit) announce() *Ceremony {
	k.t.Helper()
	k.signAll()
	c, err := Announce(k.in, k.seriesNote, k.noticeNote, k.at(0))
	require.NoError(k.t, err)
	return c
}

func (k *kit) contribution(name string) *Contribution {
	c, err := NewContribution(k.noticeID, name, random("value of %s", name), random("nonce of %s", name))
	require.NoError(k.t, err)
	return c
}

// commitNote and revealNote return what a contributor sends in this draw.
func (k *kit) commitNote(name string) []byte {
	return k.sign(name, k.contribution(name).Commit(k.in.Suite))
}

func (k *kit) revealNote(name string) []byte {
	k.t.Helper()
	i := slices.IndexFunc(k.notice.Contributors, func(p statement.Participant) bool { return p.Name == name })
	if k.notice.Contributors[i].By == statement.ByCommit {
		return k.sign(name, k.contribution(name).Reveal())
	}
	s, err := k.chain(name).Reveal(k.noticeID, k.notice.Number)
	require.NoError(k.t, err)
	return k.sign(name, s)
}

// falseNote returns a reveal of another value.
func (k *kit) falseNote(name string) []byte {
	s := &statement.Reveal{Notice: k.noticeID, Contributor: name, Value: random("something else"), Nonce: random("nonce of %s", name)}
	return k.sign(name, s)
}

func (k *kit) commitAll(c *Ceremony) {
	k.t.Helper()
	for i, p := range k.notice.Contributors {
		if p.By == statement.ByCommit {
			require.NoError(k.t, c.Commit(k.commitNote(p.Name), k.at(0).Add(time.Duration(i+1)*time.Minute)))
		}
	}
}

// revealed returns the ceremony after all have revealed.
func (k *kit) revealed() *Ceremony {
	k.t.Helper()
	c := k.announce()
	k.commitAll(c)
	for i, p := range k.notice.Contributors {
		require.NoError(k.t, c.Reveal(k.revealNote(p.Name), k.at(1).Add(time.Duration(i+1)*time.Minute)))
	}
	return c
}

// closeNote returns the close that the regulator signs at that time.
func (k *kit) closeNote(c *Ceremony, at time.Time) []byte {
	k.t.Helper()
	s, err := c.NewClose(at)
	require.NoError(k.t, err)
	return k.sign("regulator", s)
}

// closed returns the ceremony after the close, two hours and ten minutes on.
func (k *kit) closed() *Ceremony {
	k.t.Helper()
	c := k.revealed()
	at := k.at(2).Add(10 * time.Minute)
	require.NoError(k.t, c.Close(k.closeNote(c, at), at))
	return c
}

func (k *kit) pulseNote(c *Ceremony) []byte {
	k.t.Helper()
	s, err := c.NewPulse(value, "")
	require.NoError(k.t, err)
	return k.sign("regulator", s)
}

// pulsed returns the ceremony after the pulse; after the close without a beacon.
func (k *kit) pulsed() *Ceremony {
	k.t.Helper()
	c := k.closed()
	if k.notice.Beacon != "" {
		require.NoError(k.t, c.Pulse(k.pulseNote(c), k.at(5)))
	}
	return c
}

func (k *kit) sealedNote(c *Ceremony) []byte {
	k.t.Helper()
	s, err := c.NewSealed(random("root of the sealed tree"), statement.ID{})
	require.NoError(k.t, err)
	return k.sign("regulator", s)
}

func (k *kit) sealed() *Ceremony {
	k.t.Helper()
	c := k.pulsed()
	require.NoError(k.t, c.Seal(k.sealedNote(c), k.at(6)))
	return c
}

// sealingSecret returns the secret to give to the ceremony, nil in an open draw.
func (k *kit) sealingSecret() *Secret {
	if k.notice.Mode == statement.Open {
		return nil
	}
	return k.secret
}

func (k *kit) openingNote(c *Ceremony, at time.Time) []byte {
	k.t.Helper()
	result, err := c.Run(k.plan, k.frame, k.sealingSecret())
	require.NoError(k.t, err)
	s, err := c.NewOpening(at, k.sealingSecret(), result)
	require.NoError(k.t, err)
	return k.sign("regulator", s)
}

func (k *kit) opened() *Ceremony {
	k.t.Helper()
	c := k.sealed()
	require.NoError(k.t, c.Open(k.openingNote(c, k.at(23)), k.at(23)))
	return c
}

func (k *kit) voidNote(c *Ceremony, at time.Time) []byte {
	k.t.Helper()
	s, err := c.NewVoid(at, "the hall burned down")
	require.NoError(k.t, err)
	return k.sign("regulator", s)
}

// refused asserts that a step failed with exactly that text and kind,
// and that the ceremony is as it was.
func refused(t *testing.T, c *Ceremony, kind Kind, text string, step func() error) {
	t.Helper()
	before, err := c.State().MarshalText()
	require.NoError(t, err)
	facts, stage := c.Facts(), c.Stage()
	err = step()
	require.EqualError(t, err, text)
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, kind, e.Kind, "kind %s", e.Kind)
	after, err := c.State().MarshalText()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	require.Equal(t, facts, c.Facts())
	require.Equal(t, stage, c.Stage())
}

// resumed returns the ceremony after its state went through its text, which must
// come out the same.
func (k *kit) resumed(c *Ceremony) *Ceremony {
	k.t.Helper()
	text, err := c.State().MarshalText()
	require.NoError(k.t, err)
	var s State
	require.NoError(k.t, s.UnmarshalText(text))
	again, err := Resume(k.in, &s)
	require.NoError(k.t, err)
	second, err := again.State().MarshalText()
	require.NoError(k.t, err)
	require.Equal(k.t, string(text), string(second))
	require.Equal(k.t, c.Stage(), again.Stage())
	require.Equal(k.t, c.Facts(), again.Facts())
	return again
}

// replace replaces each first string by the one after it.
func replace(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
