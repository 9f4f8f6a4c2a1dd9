package ceremony

import (
	"fmt"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/internal/label"
)

// A Contribution is one contributor's randomness for one draw by commit and
// reveal: a value, and the nonce that hides it until then. It prints as
// "[redacted]"; only [Contribution.Export] gives the bytes. It is immutable and
// safe for concurrent use. The zero Contribution is of no use.
type Contribution struct {
	redacted
	notice      statement.ID
	contributor string
	export      func() (value, nonce [32]byte)
}

// NewContribution returns a contributor's contribution to the draw with the
// notice of that ID. Value and nonce are fresh from a cryptographic random
// source. It refuses bytes that are all equal, and a nonce equal to the value.
func NewContribution(notice statement.ID, contributor string, value, nonce [32]byte) (*Contribution, error) {
	if wrong := label.Check(contributor); wrong != "" {
		return nil, fmt.Errorf("ceremony: name of the contributor %s", wrong)
	}
	fail := func(text string) (*Contribution, error) {
		return nil, fmt.Errorf("ceremony: contribution of %s: %s", label.Quote(contributor), text)
	}
	switch {
	case notice == statement.ID{}:
		return fail("zero notice ID")
	case weak(value):
		return fail("value has 32 equal bytes, expected random ones")
	case weak(nonce):
		return fail("nonce has 32 equal bytes, expected random ones")
	case value == nonce:
		return fail("nonce is the value again, expected other random bytes")
	}
	return &Contribution{
		notice: notice, contributor: contributor,
		export: func() ([32]byte, [32]byte) { return value, nonce },
	}, nil
}

// Export returns value and nonce, which the contributor must keep from the commit
// until the reveal. Those of the zero Contribution are zero.
func (c *Contribution) Export() (value, nonce [32]byte) {
	if c.export == nil {
		return value, nonce
	}
	return c.export()
}

// Commit returns the statement that binds the contributor and shows nothing.
func (c *Contribution) Commit(suite draw.Suite) *statement.Commit {
	value, nonce := c.Export()
	return &statement.Commit{
		Notice: c.notice, Contributor: c.contributor,
		Commitment: statement.CommitmentOf(suite, c.notice, c.contributor, value, nonce),
	}
}

// Reveal returns the statement that shows the value. Sign it when all commits are
// in, not before.
func (c *Contribution) Reveal() *statement.Reveal {
	value, nonce := c.Export()
	return &statement.Reveal{Notice: c.notice, Contributor: c.contributor, Value: value, Nonce: nonce}
}

// CheckReveal returns nil if a reveal is right: if it shows what the commit bound
// its contributor to, or with a nil commit, the value of the contributor's hash
// chain for the draw. Otherwise its error is an *[Error] that says which step of
// that does not fit. The statements must be of the same draw, the notice with
// the given ID of the given series; whose signatures they bear is for the caller.
func CheckReveal(suite draw.Suite, series *statement.Series, notice *statement.Notice, noticeID statement.ID, commit *statement.Commit, reveal *statement.Reveal) error {
	fail := func(kind Kind, have, want string) error {
		return &Error{Step: "reveal", Contributor: reveal.Contributor, Kind: kind, Have: have, Want: want}
	}
	if reveal.Notice != noticeID {
		return fail(OtherDraw, "is for notice "+hexOf(reveal.Notice), hexOf(noticeID))
	}
	if commit == nil {
		if reveal.Nonce != (statement.ID{}) {
			return fail(FalseReveal, "has a nonce", "none: hash chains have no nonces")
		}
		chain, ok := chainOf(series, reveal.Contributor)
		if !ok {
			return fail(Stranger, "has no hash chain in the series", "a commit")
		}
		if err := statement.CheckChain(suite, chain, notice.Number, reveal.Value); err != nil {
			return &Error{
				Step: "reveal", Contributor: reveal.Contributor, Kind: FalseReveal,
				Have: fmt.Sprintf("value %x is not that of the hash chain for draw %d", reveal.Value, notice.Number), Err: err,
			}
		}
		return nil
	}
	if commit.Notice != noticeID {
		return fail(OtherDraw, "commit is for notice "+hexOf(commit.Notice), hexOf(noticeID))
	}
	if commit.Contributor != reveal.Contributor {
		return fail(FalseReveal, "is compared with the commit of "+label.Quote(commit.Contributor), label.Quote(reveal.Contributor))
	}
	if have := statement.CommitmentOf(suite, noticeID, reveal.Contributor, reveal.Value, reveal.Nonce); have != commit.Commitment {
		return fail(FalseReveal, "value and nonce have commitment "+hexOf(have), hexOf(commit.Commitment))
	}
	return nil
}

// chainOf returns the hash chain of a contributor in the series.
func chainOf(series *statement.Series, contributor string) (statement.Chain, bool) {
	for _, c := range series.Chains {
		if c.Contributor == contributor {
			return c, true
		}
	}
	return statement.Chain{}, false
}
