// Package escrow shares the sealing secret of a draw among custodians, so that
// some of them together can open a draw that its regulator refuses to open.
//
// [Split] makes a public [Commitment] and a secret [Share] for each custodian.
// Each custodian checks its share by [Commitment.Check] when it gets it, and
// compares [Commitment.SecretHash] with the notice. After a refusal, as many
// custodians as the threshold says publish their shares, and [Recover] gives the
// secret to anybody. From it the draw's seed follows as in the regular opening.
//
// # How it is shared
//
// A random scalar x of P-256 is shared by Feldman's verifiable scheme
// [Feldman 1987], as implemented by cloudflare/circl: a polynomial of degree
// threshold − 1 with x at 0, its value at i for custodian i, and the multiples of
// the generator by its coefficients in public. The commitment adds the secret
// masked: s XOR Key(x, "escrow", H(Info("secret", s))), with Key and Info as in
// draw/SPEC.md and x in 32 bytes, big-endian. So all 32 bytes of s survive,
// though the group has fewer than 2^256 elements. To share s itself in two halves
// would be wrong: 2^64 steps find a half of 128 bits from its public multiple.
//
// # What it promises
//
// Fewer custodians than the threshold, and the public, learn nothing of s but
// what the notice tells: shares fit every x, and to find x from the commitment is
// a discrete logarithm of P-256. The notice tells the hash of s, and so does the
// commitment; a guess of s can be checked against it. Hence s must be 32 uniform
// random bytes, never a password or a date.
//
// As many custodians as the threshold can open the draw whenever they wish,
// without the regulator. And while a wrong share is found at once, a wrong mask
// is not: a regulator that masked another secret than the notice's is found out
// at the recovery only, by a *[SecretError] that everybody can repeat, and s is
// lost. To exclude that beforehand would take a zero-knowledge proof about a hash.
//
// Splitting and recovering are not constant in time (see circl's package group):
// do it where nobody can measure. Nothing of a share or a secret is printed.
//
// It is a module of its own because of its one dependency, cloudflare/circl.
package escrow

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/internal/label"
)

// MaxCustodians is the greatest number of custodians of a secret.
const MaxCustodians = 64

// Split shares the sealing secret among custodians, 1 to [MaxCustodians], with
// different labels of 1–64 bytes without spaces, such that threshold of them can
// recover it. The suite is the draw's. Use crypto/rand.Reader as rand; nothing
// else is random. Share i is for custodians[i].
//
// It returns an error if a parameter is out of range, if all bytes of the secret
// are equal, or if rand fails or repeats itself.
func Split(suite draw.Suite, secret [32]byte, threshold int, custodians []string, rand io.Reader) (*Commitment, []Share, error) {
	if suite.Name() == "" {
		return nil, nil, fmt.Errorf("escrow: zero suite, expected the draw's")
	}
	if secret == [32]byte(slices.Repeat(secret[:1], 32)) {
		return nil, nil, fmt.Errorf("escrow: all bytes of the secret are equal, expected random ones")
	}
	if err := checkCustodians(custodians); err != nil {
		return nil, nil, fmt.Errorf("escrow: %w", err)
	}
	if threshold < 1 || threshold > len(custodians) {
		return nil, nil, fmt.Errorf("escrow: threshold is %d, expected 1 to %d, the number of custodians", threshold, len(custodians))
	}
	source := &source{r: rand}
	x := group.P256.RandomScalar(source)
	sharing := secretsharing.New(source, uint(threshold-1), x)
	if source.err != nil {
		return nil, nil, fmt.Errorf("escrow: reading randomness: %w", source.err)
	}
	c := &Commitment{
		suite:      suite,
		secretHash: secretHash(suite, secret),
		custodians: slices.Clone(custodians),
		points:     sharing.CommitSecret(),
	}
	// A zero or repeated coefficient tells that rand is stuck; a share may then
	// show x.
	if err := checkPoints(c.points, threshold); err != nil {
		return nil, nil, fmt.Errorf("escrow: randomness repeats itself: %w", err)
	}
	mask, err := maskOf(suite, x, c.secretHash)
	if err != nil {
		return nil, nil, err
	}
	c.masked = xor(secret, mask)
	c.finish()
	shares := make([]Share, len(custodians))
	for i, s := range sharing.Share(uint(len(custodians))) {
		shares[i] = Share{escrow: c.id, custodian: custodians[i], index: i + 1}.withValue(scalarBytes(s.Value))
	}
	return c, shares, nil
}

// Recover returns the secret that shares of at least the commitment's threshold
// of different custodians give. Anybody can do it. Whether the commitment is that
// of a draw is for the caller: compare [Commitment.SecretHash] with the notice.
//
// If any share is false, of another commitment, or given twice, it returns a
// *[RecoverError] that names all such; leave them out and try again. If the shares
// are right but the secret has not the committed hash, it returns a *[SecretError].
func Recover(c *Commitment, shares ...Share) ([32]byte, error) {
	if c.Threshold() == 0 {
		return [32]byte{}, fmt.Errorf("escrow: zero commitment, expected one from Split or ParseCommitment")
	}
	var bad []*ShareError
	seen := make([]bool, MaxCustodians+1)
	points := make([]secretsharing.Share, 0, len(shares))
	for _, s := range shares {
		err := c.check(s)
		if err == nil && seen[s.index] {
			err = s.fault("is given twice")
		}
		if err != nil {
			bad = append(bad, err)
			continue
		}
		seen[s.index] = true
		points = append(points, s.point())
	}
	if bad != nil {
		return [32]byte{}, &RecoverError{Bad: bad}
	}
	if len(points) < c.Threshold() {
		return [32]byte{}, fmt.Errorf("escrow: %d shares, expected at least %d", len(points), c.Threshold())
	}
	x, err := secretsharing.Recover(uint(c.Threshold()-1), points)
	if err != nil {
		return [32]byte{}, fmt.Errorf("escrow: %w", err)
	}
	mask, err := maskOf(c.suite, x, c.secretHash)
	if err != nil {
		return [32]byte{}, err
	}
	secret := xor(c.masked, mask)
	if have := secretHash(c.suite, secret); have != c.secretHash {
		return [32]byte{}, &SecretError{Have: have, Want: c.secretHash}
	}
	return secret, nil
}

// A RecoverError names the shares that cannot be used.
type RecoverError struct {
	Bad []*ShareError // in the order given; at least one
}

// Error returns the errors of the shares, joined by "; ".
func (e *RecoverError) Error() string {
	text := ""
	for i, s := range e.Bad {
		if i > 0 {
			text += "; "
		}
		text += s.Error()
	}
	return text
}

// A SecretError says that the shares are those of the commitment, but the secret
// they give is not the one of its hash: whoever split it masked another. All who
// have the shares find the same.
type SecretError struct {
	Have draw.Hash // hash of what was recovered
	Want draw.Hash // hash in the commitment
}

// Error returns a line with both hashes.
func (e *SecretError) Error() string {
	return fmt.Sprintf("escrow: recovered secret has the hash %x, the commitment says %x: it was split falsely", e.Have, e.Want)
}

// secretHash returns the hash by which a notice commits to its secret.
func secretHash(suite draw.Suite, secret [32]byte) draw.Hash {
	return suite.Sum([]byte(derive.Info("secret", string(secret[:]))))
}

// maskOf returns what the secret is masked with.
func maskOf(suite draw.Suite, x group.Scalar, secretHash draw.Hash) ([32]byte, error) {
	key := scalarBytes(x)
	mask, err := derive.Key(suite.Hash, key[:], "escrow", string(secretHash[:]))
	if err != nil {
		return mask, fmt.Errorf("escrow: %w", err)
	}
	return mask, nil
}

func xor(a, b [32]byte) [32]byte {
	for i := range a {
		a[i] ^= b[i]
	}
	return a
}

// scalarBytes returns the 32 bytes of a scalar of P-256, big-endian.
func scalarBytes(s group.Scalar) [32]byte {
	b, err := s.MarshalBinary()
	if err != nil {
		panic("escrow: scalar without bytes: " + err.Error()) // the library has no such case
	}
	return [32]byte(b)
}

func checkCustodians(custodians []string) error {
	if len(custodians) < 1 || len(custodians) > MaxCustodians {
		return fmt.Errorf("%d custodians, expected 1 to %d", len(custodians), MaxCustodians)
	}
	for i, c := range custodians {
		if problem := label.Check(c); problem != "" {
			return fmt.Errorf("custodian %d %s", i+1, problem)
		}
		if j := slices.Index(custodians, c); j < i {
			return fmt.Errorf("custodian %q is listed twice, as %d and %d", c, j+1, i+1)
		}
	}
	return nil
}

// checkPoints returns an error unless there are threshold different points, none of
// them the identity.
func checkPoints(points []group.Element, threshold int) error {
	if len(points) != threshold {
		return fmt.Errorf("%d points, expected %d", len(points), threshold)
	}
	for i, p := range points {
		if p.IsIdentity() {
			return fmt.Errorf("point %d is the identity", i+1)
		}
		if j := slices.IndexFunc(points, p.IsEqual); j < i {
			return fmt.Errorf("points %d and %d are equal", j+1, i+1)
		}
	}
	return nil
}

// A source is randomness for a library that panics where reading fails and does
// not stop where no number fits: after the first error it gives zeros.
type source struct {
	r    io.Reader
	read int
	err  error
}

// maxRandom bounds the bytes of randomness: 32 for each coefficient, as often again
// as no run of bad luck will need.
const maxRandom = 2 * 32 * MaxCustodians

// Read fills p.
func (s *source) Read(p []byte) (int, error) {
	if s.read += len(p); s.err == nil && s.read > maxRandom {
		s.err = fmt.Errorf("%d bytes gave no numbers below the order of P-256", maxRandom)
	}
	if s.err == nil {
		_, s.err = io.ReadFull(s.r, p)
	}
	if s.err != nil {
		clear(p)
	}
	return len(p), nil
}

// parseHex reads the bytes of lower-case hexadecimal digits into b and reports
// whether the text is that of exactly so many.
func parseHex(text string, b []byte) bool {
	data, err := hex.DecodeString(text)
	return err == nil && len(data) == len(b) && hex.EncodeToString(data) == text && copy(b, data) == len(b)
}
