package gm

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/internal/sm3"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// frameText is a frame of 40 units in two strata, with weights from 1 to 3.
func frameText() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "unit-%02d %s %d\n", i, []string{"370202", "370203"}[i%2], 1+i%3)
	}
	return b.String()
}

// TestDraw carries out a draw under SM3 and checks it from its texts alone.
func TestDraw(t *testing.T) {
	frame, err := registry.ParseFrame(strings.NewReader(frameText()))
	require.NoError(t, err)
	quotas, err := draw.Proportional(frame.Strata(), 7, draw.Bounds{Floor: 1})
	require.NoError(t, err)
	plan, err := draw.NewPlan(SM3(), frame, quotas, 2)
	require.NoError(t, err)
	seed := draw.Seed(sm3.Sum([]byte("made in public")))
	result, err := draw.Run(plan, frame, seed)
	require.NoError(t, err)

	planText, err := plan.MarshalText()
	require.NoError(t, err)
	require.Contains(t, string(planText), "\nsuite sm3\n")
	var resultText bytes.Buffer
	_, err = result.WriteTo(&resultText)
	require.NoError(t, err)

	again, err := registry.ParseFrame(strings.NewReader(frameText()))
	require.NoError(t, err)
	parsed, err := draw.ParsePlan(bytes.NewReader(planText), draw.SHA256(), SM3())
	require.NoError(t, err)
	published, err := draw.ParseResult(bytes.NewReader(resultText.Bytes()))
	require.NoError(t, err)
	require.NoError(t, draw.Check(parsed, again, published))

	_, err = draw.ParsePlan(bytes.NewReader(planText), draw.SHA256())
	require.EqualError(t, err, `draw: suite "sm3" is none of those accepted: sha256`)

	// Under another hash everything differs: root, plan and result.
	other, err := draw.NewPlan(draw.SHA256(), frame, quotas, 2)
	require.NoError(t, err)
	require.NotEqual(t, plan.FrameRoot(), other.FrameRoot())
	require.EqualError(t, draw.Check(other, frame, published),
		fmt.Sprintf("draw: result is for plan %x, expected %x", plan.ID(), other.ID()))

	// The reference, written from the specification, gives the same bytes.
	require.Equal(t, sm3.Sum(planText), plan.ID())
	require.Equal(t, slowRoot(strings.Split(strings.TrimSuffix(frameText(), "\n"), "\n")), plan.FrameRoot())
	drawn := 0
	for d := range result.Drawn() {
		i, ok := frame.Find(d.ID)
		require.True(t, ok)
		key := slowKey(seed[:], "select", frame.At(i).Stratum)
		ticket := sm3.Sum([]byte(string(key[:]) + d.ID))
		require.Contains(t, resultText.String(), fmt.Sprintf(" %s %x\n", d.ID, ticket[:16]))
		drawn++
	}
	require.Equal(t, 7, drawn)
}

// TestProofs checks every unit's proof in a plain and a salted frame under SM3.
func TestProofs(t *testing.T) {
	frame, err := registry.ParseFrame(strings.NewReader(frameText()))
	require.NoError(t, err)
	suite := SM3()
	plain, err := frame.Tree(suite.Hash)
	require.NoError(t, err)
	secret := sm3.Sum([]byte("secret of the frame"))
	salted, err := frame.SaltedTree(suite.Hash, secret)
	require.NoError(t, err)
	key := slowKey(secret[:], "frame-salt")
	var leaves []string
	for _, unit := range frame.All() {
		_, proof, _, err := plain.Prove(unit.ID)
		require.NoError(t, err)
		require.NoError(t, registry.CheckUnit(suite.Hash, plain.Root(), unit, proof))
		require.Error(t, registry.CheckUnit(draw.SHA256().Hash, plain.Root(), unit, proof))

		_, proof, salt, err := salted.Prove(unit.ID)
		require.NoError(t, err)
		sum := sm3.Sum([]byte(string(key[:]) + unit.ID))
		require.Equal(t, sum[:16], salt[:])
		require.NoError(t, registry.CheckSaltedUnit(suite.Hash, salted.Root(), unit, salt, proof))
		salt[0] ^= 1
		require.Error(t, registry.CheckSaltedUnit(suite.Hash, salted.Root(), unit, salt, proof))
		leaves = append(leaves, fmt.Sprintf("%s %s %d %x", unit.ID, unit.Stratum, unit.Weight, sum[:16]))
	}
	require.Equal(t, slowRoot(leaves), salted.Root())
}
