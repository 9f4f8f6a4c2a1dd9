package escrow

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cloudflare/circl/group"
	"github.com/cloudflare/circl/secretsharing"
	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/internal/derive"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

var labels = []string{"court", "chamber", "university", "notary", "press", "法院"}

// random returns randomness number i of a fixed series.
func random(i byte) io.Reader { return rand.NewChaCha8([32]byte{i}) }

func secretOf(i byte) [32]byte { return sha256.Sum256([]byte{i}) }

func split(t testing.TB, i byte, threshold, custodians int) (*Commitment, []Share) {
	t.Helper()
	c, shares, err := Split(draw.SHA256(), secretOf(i), threshold, labels[:custodians], random(i))
	require.NoError(t, err)
	return c, shares
}

// TestEverySubset recovers from every subset of up to six custodians' shares, for
// every threshold: from those that reach it the secret, from others nothing.
func TestEverySubset(t *testing.T) {
	for m := 1; m <= 6; m++ {
		for k := 1; k <= m; k++ {
			c, shares := split(t, byte(10*m+k), k, m)
			require.Equal(t, k, c.Threshold())
			require.Equal(t, labels[:m], c.Custodians())
			for i, s := range shares {
				require.NoError(t, c.Check(s))
				require.Equal(t, labels[i], s.Custodian())
				require.Equal(t, i+1, s.Index())
				require.Equal(t, c.ID(), s.Escrow())
			}
			for set := range uint(1) << m {
				var some []Share
				for i := m - 1; i >= 0; i-- { // in another order than they were made in
					if set>>i&1 == 1 {
						some = append(some, shares[i])
					}
				}
				secret, err := Recover(c, some...)
				if n := bits.OnesCount(set); n < k {
					require.EqualError(t, err, fmt.Sprintf("escrow: %d shares, expected at least %d", n, k))
					require.Zero(t, secret)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, secretOf(byte(10*m+k)), secret)
			}
		}
	}
}

// TestEverySecretSurvives takes secrets beyond the order of the group, too.
func TestEverySecretSurvives(t *testing.T) {
	high := [32]byte(bytes.Repeat([]byte{0xff}, 32))
	high[31] = 0xfe
	low := [32]byte{31: 1}
	for _, secret := range [][32]byte{high, low} {
		c, shares, err := Split(draw.SHA256(), secret, 2, labels[:3], random(1))
		require.NoError(t, err)
		recovered, err := Recover(c, shares[2], shares[0])
		require.NoError(t, err)
		require.Equal(t, secret, recovered)
	}
}

// TestFewerSharesFitEverySecret shows that threshold − 1 shares are consistent
// with any x: each x gives a further share with which they recover it.
func TestFewerSharesFitEverySecret(t *testing.T) {
	_, shares := split(t, 1, 3, 5)
	for i := range uint64(20) {
		x := group.P256.NewScalar().SetUint64(1000 + i)
		// The points (1, a), (2, b) and (0, x) fix a polynomial; circl refuses 0 as
		// an index, so that all indices are moved by one.
		moved := []secretsharing.Share{{ID: group.P256.NewScalar().SetUint64(1), Value: x}}
		for _, s := range shares[:2] {
			p := s.point()
			moved = append(moved, secretsharing.Share{ID: p.ID.Add(p.ID, group.P256.NewScalar().SetUint64(1)), Value: p.Value})
		}
		third := lagrange(moved, 4) // index 3, moved by one
		fit := []secretsharing.Share{shares[0].point(), shares[1].point(), {ID: group.P256.NewScalar().SetUint64(3), Value: third}}
		recovered, err := secretsharing.Recover(2, fit)
		require.NoError(t, err)
		require.True(t, x.IsEqual(recovered))
	}
}

// lagrange returns the value at a place of the polynomial through points.
func lagrange(points []secretsharing.Share, at uint64) group.Scalar {
	g := group.P256
	sum := g.NewScalar()
	for i, p := range points {
		term := p.Value.Copy()
		for j, q := range points {
			if i != j {
				above := g.NewScalar().Sub(g.NewScalar().SetUint64(at), q.ID)
				below := g.NewScalar().Sub(p.ID, q.ID)
				term.Mul(term, g.NewScalar().Mul(above, g.NewScalar().Inv(below)))
			}
		}
		sum.Add(sum, term)
	}
	return sum
}

// TestFormula derives masks and values from the documentation alone.
func TestFormula(t *testing.T) {
	c, shares := split(t, 2, 2, 3)
	secret := secretOf(2)
	info := func(parts ...string) (b []byte) {
		for _, p := range append([]string{"doublerandom/v1"}, parts...) {
			b = append(append(b, 0, 0, 0, byte(len(p))), p...)
		}
		return b
	}
	require.Equal(t, sha256.Sum256(info("secret", string(secret[:]))), c.SecretHash())
	hash := c.SecretHash()
	x := lagrange([]secretsharing.Share{shares[0].point(), shares[2].point()}, 0)
	require.True(t, group.P256.NewElement().MulGen(x).IsEqual(c.points[0]))
	key := scalarBytes(x)
	mac := hmac.New(sha256.New, key[:])
	mac.Write(append(info("escrow", string(hash[:])), 1))
	require.Equal(t, secret, xor(c.masked, [32]byte(mac.Sum(nil))))
	text, err := c.MarshalText()
	require.NoError(t, err)
	require.Equal(t, sha256.Sum256(text), c.ID())
	for i, s := range shares { // share i is c0 + c1·i
		want := group.P256.NewElement().Mul(c.points[1], group.P256.NewScalar().SetUint64(uint64(i+1)))
		want.Add(want, c.points[0])
		require.True(t, want.IsEqual(group.P256.NewElement().MulGen(s.point().Value)))
	}
}

func TestSuiteOfTheDraw(t *testing.T) {
	suite, err := draw.NewSuite("sha512-256", sha512.New512_256,
		draw.KnownAnswer{Message: "abc", Digest: "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"})
	require.NoError(t, err)
	secret := secretOf(3)
	c, shares, err := Split(suite, secret, 2, labels[:2], random(3))
	require.NoError(t, err)
	require.Equal(t, sha512.Sum512_256([]byte(derive.Info("secret", string(secret[:])))), c.SecretHash())
	text, err := c.MarshalText()
	require.NoError(t, err)
	require.Equal(t, sha512.Sum512_256(text), c.ID())
	_, err = ParseCommitment(text, draw.SHA256())
	require.EqualError(t, err, "escrow: commitment line 2: suite is none of those accepted: sha256")
	parsed, err := ParseCommitment(text, draw.SHA256(), suite)
	require.NoError(t, err)
	require.Equal(t, "sha512-256", parsed.Suite().Name())
	recovered, err := Recover(parsed, shares...)
	require.NoError(t, err)
	require.Equal(t, secret, recovered)
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestSplitRefuses(t *testing.T) {
	many := make([]string, 65)
	for i := range many {
		many[i] = fmt.Sprintf("custodian-%d", i)
	}
	short := strings.NewReader(strings.Repeat("x", 40))
	for _, tt := range []struct {
		name       string
		suite      draw.Suite
		secret     [32]byte
		threshold  int
		custodians []string
		random     io.Reader
		want       string
	}{
		{"zero suite", draw.Suite{}, secretOf(1), 2, labels, random(1), "escrow: zero suite, expected the draw's"},
		{"zero secret", draw.SHA256(), [32]byte{}, 2, labels, random(1), "escrow: all bytes of the secret are equal, expected random ones"},
		{"no custodians", draw.SHA256(), secretOf(1), 2, nil, random(1), "escrow: 0 custodians, expected 1 to 64"},
		{"many custodians", draw.SHA256(), secretOf(1), 2, many, random(1), "escrow: 65 custodians, expected 1 to 64"},
		{"bad label", draw.SHA256(), secretOf(1), 2, []string{"a", "b c"}, random(1), `escrow: custodian 2 "b c" has the space U+0020 at byte 2`},
		{"same label", draw.SHA256(), secretOf(1), 2, []string{"a", "b", "a"}, random(1), `escrow: custodian "a" is listed twice, as 1 and 3`},
		{"threshold 0", draw.SHA256(), secretOf(1), 0, labels, random(1), "escrow: threshold is 0, expected 1 to 6, the number of custodians"},
		{"threshold 7", draw.SHA256(), secretOf(1), 7, labels, random(1), "escrow: threshold is 7, expected 1 to 6, the number of custodians"},
		{"no randomness", draw.SHA256(), secretOf(1), 2, labels, strings.NewReader(""), "escrow: reading randomness: EOF"},
		{"little randomness", draw.SHA256(), secretOf(1), 2, labels, short, "escrow: reading randomness: unexpected EOF"},
		{"zeros", draw.SHA256(), secretOf(1), 2, labels, endless(0), "escrow: randomness repeats itself: 1 points, expected 2"},
		{"zeros, threshold 1", draw.SHA256(), secretOf(1), 1, labels, endless(0), "escrow: randomness repeats itself: point 1 is the identity"},
		{"one byte", draw.SHA256(), secretOf(1), 2, labels, endless(1), "escrow: randomness repeats itself: points 1 and 2 are equal"},
		{"ones", draw.SHA256(), secretOf(1), 2, labels, endless(0xff), "escrow: reading randomness: 4096 bytes gave no numbers below the order of P-256"},
	} {
		c, shares, err := Split(tt.suite, tt.secret, tt.threshold, tt.custodians, tt.random)
		require.EqualError(t, err, tt.want, tt.name)
		require.Nil(t, c, tt.name)
		require.Nil(t, shares, tt.name)
	}
	c, shares, err := Split(draw.SHA256(), secretOf(1), 64, many[:64], random(1))
	require.NoError(t, err)
	recovered, err := Recover(c, shares...)
	require.NoError(t, err)
	require.Equal(t, secretOf(1), recovered)
}

func TestRecoverNamesBadShares(t *testing.T) {
	c, shares := split(t, 1, 2, 4)
	other, others := split(t, 2, 2, 4)
	value := shares[1].value()
	value[31] ^= 1
	false1 := shares[1].withValue(value)
	moved := shares[2]
	moved.index = 1
	far := shares[3]
	far.index = 5
	ofOther := fmt.Sprintf("is of the escrow %x, expected %x", other.ID(), c.ID())
	for _, tt := range []struct {
		name   string
		shares []Share
		want   string
	}{
		{"none", nil, "escrow: 0 shares, expected at least 2"},
		{"twice", []Share{shares[0], shares[0]}, `escrow: share 1 of "court" is given twice`},
		{"false", []Share{shares[0], false1, shares[2]}, `escrow: share 2 of "chamber" has a value other than the one committed to`},
		{"another's index", []Share{shares[0], moved}, `escrow: share 1 of "university" has the index of "court"`},
		{"no such index", []Share{shares[0], far}, `escrow: share 5 of "notary" has an index that is not from 1 to 4`},
		{"zero", []Share{{}, shares[0]}, fmt.Sprintf(`escrow: share 0 of "" is of the escrow %x, expected %x`, [32]byte{}, c.ID())},
		{"another escrow", []Share{others[0], shares[0], others[3], false1}, `escrow: share 1 of "court" ` + ofOther +
			`; escrow: share 4 of "notary" ` + ofOther + `; escrow: share 2 of "chamber" has a value other than the one committed to`},
	} {
		secret, err := Recover(c, tt.shares...)
		require.EqualError(t, err, tt.want, tt.name)
		require.Zero(t, secret, tt.name)
		var named *RecoverError
		if tt.shares != nil {
			require.ErrorAs(t, err, &named, tt.name)
		}
	}
	_, err := Recover(new(Commitment))
	require.EqualError(t, err, "escrow: zero commitment, expected one from Split or ParseCommitment")
	var named *ShareError
	require.ErrorAs(t, c.Check(false1), &named)
	require.Equal(t, &ShareError{"chamber", 2, "has a value other than the one committed to"}, named)
}

// TestSplitFalsely masks another secret than the committed one: only the recovery
// shows it, and shows it to everybody.
func TestSplitFalsely(t *testing.T) {
	c, shares := split(t, 1, 2, 3)
	c.masked[0] ^= 1
	c.finish()
	for i := range shares {
		shares[i].escrow = c.id
		require.NoError(t, c.Check(shares[i]))
	}
	wrong := secretOf(1)
	wrong[0] ^= 1
	have := sha256.Sum256([]byte(derive.Info("secret", string(wrong[:]))))
	secret, err := Recover(c, shares...)
	require.EqualError(t, err, fmt.Sprintf(
		"escrow: recovered secret has the hash %x, the commitment says %x: it was split falsely", have, c.SecretHash()))
	require.Zero(t, secret)
	require.Equal(t, &SecretError{Have: have, Want: c.SecretHash()}, err)
}

// TestRefusedOpening goes from the split to the draw that the regulator would not
// open: everything passes between the parties as texts.
func TestRefusedOpening(t *testing.T) {
	frame, err := registry.ParseFrame(strings.NewReader("a x 1\nb x 2\nc x 1\nd x 1\ne x 3\n"))
	require.NoError(t, err)
	quotas, err := draw.Proportional(frame.Strata(), 2, draw.Bounds{})
	require.NoError(t, err)
	plan, err := draw.NewPlan(draw.SHA256(), frame, quotas, 1)
	require.NoError(t, err)

	// The regulator seals the draw; the notice says the hash of its secret.
	secret := secretOf(77)
	public := sha256.Sum256([]byte("notice, close, pulse and contributions")) // P
	seed := func(secret [32]byte) draw.Seed {
		mac := hmac.New(sha256.New, secret[:])
		mac.Write(public[:])
		return draw.Seed(mac.Sum(nil))
	}
	sealed, err := draw.Run(plan, frame, seed(secret))
	require.NoError(t, err)
	noticeSecret := draw.SHA256().Sum([]byte(derive.Info("secret", string(secret[:]))))
	commitment, shares, err := Split(draw.SHA256(), secret, 3, labels[:5], random(9))
	require.NoError(t, err)
	commitmentText, err := commitment.MarshalText()
	require.NoError(t, err)

	// Each custodian checks its share on receipt, against the published texts.
	texts := make([][]byte, len(shares))
	for i, s := range shares {
		texts[i] = s.Export()
		c, err := ParseCommitment(commitmentText, draw.SHA256())
		require.NoError(t, err)
		require.Equal(t, noticeSecret, c.SecretHash())
		share, err := ParseShare(texts[i])
		require.NoError(t, err)
		require.NoError(t, c.Check(share))
	}

	// The regulator refuses. One custodian is lost, one lies, three are enough.
	c, err := ParseCommitment(commitmentText, draw.SHA256())
	require.NoError(t, err)
	var given []Share
	for i, text := range texts[1:] {
		if i == 2 {
			text = bytes.Replace(text, []byte("value "), []byte("value 0"), 1)
			text = append(text[:len(text)-2], '\n')
		}
		share, err := ParseShare(text)
		require.NoError(t, err)
		given = append(given, share)
	}
	_, err = Recover(c, given...)
	require.EqualError(t, err, `escrow: share 4 of "notary" has a value other than the one committed to`)
	recovered, err := Recover(c, given[0], given[1], given[3])
	require.NoError(t, err)

	// It is the notice's, and gives the sealed draw.
	require.Equal(t, noticeSecret, draw.SHA256().Sum([]byte(derive.Info("secret", string(recovered[:])))))
	opened, err := draw.Run(plan, frame, seed(recovered))
	require.NoError(t, err)
	require.NoError(t, draw.Check(plan, frame, sealed))
	var a, b bytes.Buffer
	_, err = sealed.WriteTo(&a)
	require.NoError(t, err)
	_, err = opened.WriteTo(&b)
	require.NoError(t, err)
	require.Equal(t, a.String(), b.String())
}

func BenchmarkCheck(b *testing.B) {
	c, shares := split(b, 1, 3, 5)
	for b.Loop() {
		if err := c.Check(shares[0]); err != nil {
			b.Fatal(err)
		}
	}
}
