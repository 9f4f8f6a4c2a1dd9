package teams

import (
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/doublerandom/doublerandom/matching"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

func TestInspectors(t *testing.T) {
	from, err := registry.ParseDate("2024-02-29")
	require.NoError(t, err)
	to, err := registry.ParseDate("2026-12-31")
	require.NoError(t, err)
	all := []registry.Inspector{
		{ID: "a", Department: "d-1", Roles: registry.Lead | registry.Expert, Status: registry.InspectorActive, Certificates: []registry.Certificate{{Kind: "food", From: from, To: to}, {Kind: "fire"}}},
		{ID: "b", Department: "d-1", Status: registry.InspectorOnLeave},
	}
	list := Inspectors(slices.All(all), func(registry.Inspector) int { return 4 }, func(registry.Inspector) int { return 1 })
	require.Equal(t, []matching.Inspector{
		{ID: "a", Areas: []string{"d-1"}, Roles: []string{"lead", "expert"}, Capacity: 4, Carried: 1, Certificates: []matching.Certificate{{Kind: "food", From: "2024-02-29", To: "2026-12-31"}, {Kind: "fire"}}},
		{ID: "b", Areas: []string{"d-1"}},
	}, list)
	_, err = matching.NewDirectory(sha256.New, "2026-12-01", list)
	require.NoError(t, err)
	require.Zero(t, Inspectors(slices.All(all[:1]), func(registry.Inspector) int { return 4 }, nil)[0].Carried)
}
