package seal

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// A city is a drawn frame with its trees.
type city struct {
	frame  *registry.Frame
	plan   *draw.Plan
	result *draw.Result
	rows   *registry.FrameTree
	tree   *Tree
}

func newCity(t testing.TB, units int, secret *[32]byte, extension func(string) statement.ID) *city {
	t.Helper()
	suite := draw.SHA256()
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range units {
			u := registry.Unit{ID: fmt.Sprintf("91370202MA%08d", i), Stratum: fmt.Sprintf("370202/%c", 'A'+i%3), Weight: uint64(1 + i%2)}
			if !yield(u, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	quotas, err := draw.Rate(frame.Strata(), 100_000)
	require.NoError(t, err)
	c := &city{frame: frame}
	if secret == nil {
		c.plan, err = draw.NewPlan(suite, frame, quotas, 1)
		require.NoError(t, err)
		c.rows, err = frame.Tree(suite.Hash)
	} else {
		c.plan, err = draw.NewSaltedPlan(suite, frame, *secret, quotas, 1)
		require.NoError(t, err)
		c.rows, err = frame.SaltedTree(suite.Hash, *secret)
	}
	require.NoError(t, err)
	c.result, err = draw.Run(c.plan, frame, draw.Seed{1, 2, 3})
	require.NoError(t, err)
	c.tree, err = New(suite, frame, c.result, extension)
	require.NoError(t, err)
	return c
}

// TestLeaves compares every leaf with its definition, computed anew.
func TestLeaves(t *testing.T) {
	team := statement.ID{9}
	c := newCity(t, 137, nil, func(string) statement.ID { return team })
	key, err := statement.SaltKey(draw.SHA256(), c.result.Seed())
	require.NoError(t, err)
	want := map[string]string{}
	for d := range c.result.Drawn() {
		want[d.ID] = fmt.Sprintf("drawn %d %x", d.Rank, team)
	}
	for d := range c.result.Reserves() {
		want[d.ID] = fmt.Sprintf("reserve %d none", d.Rank)
	}
	require.NotEmpty(t, want)
	for i, u := range c.frame.All() {
		outcome, ok := want[u.ID]
		if !ok {
			outcome = "other 0 none"
		}
		salt := sha256.Sum256(append(key[:], u.ID...))
		leaf, path, err := c.tree.Prove(u.ID)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%s %s %x", u.ID, outcome, salt[:16]), string(leaf.AppendTo(nil)))
		require.NoError(t, CheckLeaf(draw.SHA256(), c.tree.Root(), uint64(i), 137, leaf, path))
	}
	_, _, err = c.tree.Prove("nobody")
	require.EqualError(t, err, `seal: id "nobody" is not in the frame`)
}

func TestReceipts(t *testing.T) {
	for name, secret := range map[string]*[32]byte{"plain": nil, "salted": {7}} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, 200, secret, nil)
			suite := draw.SHA256()
			for _, u := range c.frame.All() {
				r, err := NewReceipt(statement.ID{1}, statement.ID{2}, c.rows, c.tree, u.ID)
				require.NoError(t, err)
				require.NoError(t, CheckReceipt(suite, r))
				require.Equal(t, c.plan.FrameRoot(), r.Frame)
				require.Equal(t, secret == nil, r.FrameSalt == registry.Salt{})
				text, err := r.MarshalText()
				require.NoError(t, err)
				var again statement.Receipt
				require.NoError(t, again.UnmarshalText(text))
				require.Equal(t, *r, again)
				if secret != nil { // nothing of the neighbours
					require.Equal(t, 1, strings.Count(string(text), "91370202MA"))
				}
			}
		})
	}
}

// TestEveryFieldIsProven changes each field of a receipt: the two proofs must
// notice, or the field must be one that the signature and the published
// statements answer for.
func TestEveryFieldIsProven(t *testing.T) {
	c := newCity(t, 200, &[32]byte{7}, nil)
	r, err := NewReceipt(statement.ID{1}, statement.ID{2}, c.rows, c.tree, c.frame.ID(77))
	require.NoError(t, err)
	for name, change := range map[string]func(*statement.Receipt){
		"frame":      func(r *statement.Receipt) { r.Frame[0] ^= 1 },
		"units":      func(r *statement.Receipt) { r.Units *= 4 },
		"root":       func(r *statement.Receipt) { r.Root[0] ^= 1 },
		"index":      func(r *statement.Receipt) { r.Index++ },
		"id":         func(r *statement.Receipt) { r.Unit.ID = c.frame.ID(78) },
		"stratum":    func(r *statement.Receipt) { r.Unit.Stratum = "x" },
		"weight":     func(r *statement.Receipt) { r.Unit.Weight++ },
		"frame-salt": func(r *statement.Receipt) { r.FrameSalt[0] ^= 1 },
		"no salt":    func(r *statement.Receipt) { r.FrameSalt = registry.Salt{} },
		"frame-path": func(r *statement.Receipt) { r.FramePath[3][0] ^= 1 },
		"outcome":    func(r *statement.Receipt) { r.Outcome = 1 + r.Outcome%3 },
		"rank":       func(r *statement.Receipt) { r.Rank++ },
		"extension":  func(r *statement.Receipt) { r.Extension[0] ^= 1 },
		"salt":       func(r *statement.Receipt) { r.Salt[0] ^= 1 },
		"path":       func(r *statement.Receipt) { r.Path = r.Path[1:] },
	} {
		bad := *r
		bad.FramePath = append([]statement.ID(nil), r.FramePath...)
		change(&bad)
		require.ErrorContains(t, CheckReceipt(draw.SHA256(), &bad), `seal: receipt of "`, name)
	}
	require.NoError(t, CheckReceipt(draw.SHA256(), r))
}

// TestSaltsHide shows that two seeds with the same outcome for a unit give
// unlike leaves, and that a root says nothing without the seed.
func TestSaltsHide(t *testing.T) {
	c := newCity(t, 50, nil, nil)
	other, err := draw.Run(c.plan, c.frame, draw.Seed{4})
	require.NoError(t, err)
	tree, err := New(draw.SHA256(), c.frame, other, nil)
	require.NoError(t, err)
	require.NotEqual(t, c.tree.Root(), tree.Root())
	salts := map[registry.Salt]bool{}
	for _, u := range c.frame.All() {
		a, _, err := c.tree.Prove(u.ID)
		require.NoError(t, err)
		b, _, err := tree.Prove(u.ID)
		require.NoError(t, err)
		salts[a.Salt], salts[b.Salt] = true, true
	}
	require.Len(t, salts, 100)
}

func TestNewRefusesStrangers(t *testing.T) {
	c, small := newCity(t, 50, nil, nil), newCity(t, 5, nil, nil)
	_, err := New(draw.SHA256(), small.frame, c.result, nil)
	require.ErrorContains(t, err, "of the result is not in the frame")
	_, err = NewReceipt(statement.ID{1}, statement.ID{2}, c.rows, small.tree, small.frame.ID(0))
	require.EqualError(t, err, "seal: frame has 50 rows, the sealed tree 5")
}

// size is the city's number of companies.
const size = 1_081_742

func signedReceipt(t testing.TB, c *city) *statement.Signed {
	t.Helper()
	var id string
	for d := range c.result.Drawn() {
		id = d.ID
	}
	suite := draw.SHA256()
	r, err := NewReceipt(suite.Sum([]byte("notice")), suite.Sum([]byte("sealed")), c.rows, c.tree, id)
	require.NoError(t, err)
	signed, err := statement.Sign(suite, r, testSigner(t))
	require.NoError(t, err)
	return signed
}
