package escrow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"
	"github.com/doublerandom/doublerandom/draw"
)

// commitmentHeader is the first line of a commitment's text.
const commitmentHeader = "doublerandom/escrow/v1"

// A Commitment is the public part of an escrow: how many of which custodians
// recover which secret, and what their shares must fit. Anybody may have it; sign
// it as a note, or name its ID where the draw is announced. It is immutable and
// safe for concurrent use. Make one with [Split] or [ParseCommitment]; the zero
// Commitment is not valid.
type Commitment struct {
	suite      draw.Suite
	secretHash draw.Hash
	masked     [32]byte
	points     []group.Element // coefficients times the generator, from that of x on
	custodians []string
	text       []byte
	id         draw.Hash
}

// finish sets text and ID.
func (c *Commitment) finish() {
	b := fmt.Appendf(nil, "%s\nsuite %s\nsecret %x\nmasked %x\nthreshold %d\n",
		commitmentHeader, c.suite.Name(), c.secretHash, c.masked, len(c.points))
	for _, p := range c.points {
		data, err := p.MarshalBinaryCompress()
		if err != nil {
			panic("escrow: point without bytes: " + err.Error()) // the library has no such case
		}
		b = fmt.Appendf(b, "point %x\n", data)
	}
	for _, label := range c.custodians {
		b = fmt.Appendf(b, "custodian %s\n", label)
	}
	c.text, c.id = b, c.suite.Sum(b)
}

// ID returns the suite's hash of the commitment's text.
func (c *Commitment) ID() draw.Hash { return c.id }

// Suite returns the suite of the commitment's hashes, which is the draw's.
func (c *Commitment) Suite() draw.Suite { return c.suite }

// SecretHash returns H(Info("secret", s)) for the secret s: what the draw's notice
// says in its line "secret".
func (c *Commitment) SecretHash() draw.Hash { return c.secretHash }

// Threshold returns how many custodians recover the secret.
func (c *Commitment) Threshold() int { return len(c.points) }

// Custodians returns the labels of the custodians; share i is the i-th's, from 1.
func (c *Commitment) Custodians() []string { return slices.Clone(c.custodians) }

// Check returns nil if the share is that of its custodian under the commitment.
// Otherwise it returns a *[ShareError]. It takes about a tenth of a millisecond
// for each custodian of the threshold.
func (c *Commitment) Check(share Share) error {
	if err := c.check(share); err != nil {
		return err
	}
	return nil
}

func (c *Commitment) check(s Share) *ShareError {
	switch {
	case s.escrow != c.id:
		return s.fault("is of the escrow %x, expected %x", s.escrow, c.id)
	case s.index < 1 || s.index > len(c.custodians):
		return s.fault("has an index that is not from 1 to %d", len(c.custodians))
	case s.custodian != c.custodians[s.index-1]:
		return s.fault("has the index of %q", c.custodians[s.index-1])
	case !secretsharing.Verify(uint(c.Threshold()-1), s.point(), c.points):
		return s.fault("has a value other than the one committed to")
	}
	return nil
}

// MarshalText returns the commitment's one text:
//
//	doublerandom/escrow/v1
//	suite sha256
//	secret 8c1f…
//	masked 77d0…
//	threshold 2
//	point 03ab…
//	point 0241…
//	custodian court
//	custodian chamber
//	custodian university
//
// with as many points, compressed as in SEC 1, as the threshold says, and the
// custodians in the order of their shares. It never fails.
func (c *Commitment) MarshalText() ([]byte, error) { return slices.Clone(c.text), nil }

// ParseCommitment reads the text of a commitment, and nothing else. Its suite must
// be one of the suites given: which ones to trust is the reader's choice.
func ParseCommitment(text []byte, suites ...draw.Suite) (*Commitment, error) {
	in := newLines("commitment", text)
	c := new(Commitment)
	in.header(commitmentHeader)
	name := in.field("suite")
	for _, s := range suites {
		if s.Name() == name && name != "" {
			c.suite = s
		}
	}
	if c.suite.Name() == "" {
		in.fail("suite is none of those accepted: %s", names(suites))
	}
	if field := in.field("secret"); !parseHex(field, c.secretHash[:]) {
		in.fail("secret is not 64 lower-case hexadecimal digits")
	}
	if field := in.field("masked"); !parseHex(field, c.masked[:]) {
		in.fail("masked is not 64 lower-case hexadecimal digits")
	}
	threshold := in.number("threshold", MaxCustodians)
	for range threshold {
		c.points = append(c.points, in.point())
	}
	if in.err == nil {
		if err := checkPoints(c.points, threshold); err != nil {
			in.fail("%v", err)
		}
	}
	for in.err == nil && in.more() {
		c.custodians = append(c.custodians, in.field("custodian"))
	}
	if in.err != nil {
		return nil, in.err
	}
	if err := checkCustodians(c.custodians); err != nil {
		return nil, fmt.Errorf("escrow: commitment: %w", err)
	}
	if threshold > len(c.custodians) {
		return nil, fmt.Errorf("escrow: commitment: threshold is %d, expected 1 to %d, the number of custodians", threshold, len(c.custodians))
	}
	c.finish()
	return c, nil
}

func names(suites []draw.Suite) string {
	var list []string
	for _, s := range suites {
		list = append(list, s.Name())
	}
	return strings.Join(list, ", ")
}
