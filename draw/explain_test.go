package draw

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExplainEveryUnit explains every unit of draws in which each thing happens
// that can happen to one, and compares with what the result says of its cell and
// of the drawn.
func TestExplainEveryUnit(t *testing.T) {
	frame := frameOf(t, append(append(
		weighted("A", 1, 1, 1, 1, 1, 2, 2, 2, 40),
		weighted("B", 1, 1, 10)...),
		weighted("C", 3, 3, 3, 5)...))
	plan := planOf(t, frame, 2, "4", "3/2", "0")
	seen := map[string]int{}
	for i := range 40 {
		result := runOf(t, plan, frame, seedOf("explain", i))
		drawn, reserves := map[string]Drawn{}, map[string]Drawn{}
		for d := range result.Drawn() {
			drawn[d.ID] = d
		}
		for d := range result.Reserves() {
			reserves[d.ID] = d
		}
		for row, u := range frame.All() {
			e, err := result.Explain(plan, frame, u.ID)
			require.NoError(t, err)
			cell := result.cell(u.Stratum, u.Weight).CellResult
			key, err := plan.suite.key(result.seed, purposeSelect, u.Stratum)
			require.NoError(t, err)
			want := Explanation{Unit: u, Index: uint64(row), Units: 16, Cell: cell, Ticket: ticket(plan.suite.f.Hasher(), &key, u.ID)}
			d, isDrawn := drawn[u.ID]
			r, isReserve := reserves[u.ID]
			want.Drawn, want.Reserve, want.Rank = isDrawn, isReserve, max(d.Rank, r.Rank)
			require.Equal(t, want, *e)

			text, what := fmt.Sprintf("%s is row %d of 16 in the frame, in stratum %s with weight %d. The stratum has %d of that weight, each drawn with chance %s. ",
				u.ID, row+1, u.Stratum, u.Weight, cell.Units, cell.Chance), ""
			expected := fmt.Sprintf("Of these, %s were expected to be drawn and the wheel gave %d", cell.Share, cell.Count)
			tickets := fmt.Sprintf(": those with tickets up to %s. Its own ticket, %s, is ", cell.CutOff, want.Ticket)
			switch {
			case cell.Certain && u.Stratum == "A":
				what, text = "certain", text+"Their weight is so large that all of them are drawn for certain, so it was drawn."
			case cell.Certain:
				what, text = "certain by rounding", text+"As the quota of the stratum was rounded, their weight is so large that all of them are drawn, so it was drawn."
			case isDrawn:
				what, text = "drawn", text+expected+tickets+fmt.Sprintf("not above that: it was drawn, with rank %d.", d.Rank)
				require.LessOrEqual(t, want.Ticket.Compare(cell.CutOff), 0)
			case cell.Count == 0:
				what, text = "none of the cell", text+expected+", so it was not drawn."
			default:
				what, text = "not drawn", text+expected+tickets+"above that: it was not drawn."
				require.Positive(t, want.Ticket.Compare(cell.CutOff))
			}
			if isReserve {
				what, text = what+", a reserve", text+fmt.Sprintf(" It is reserve %d of its cell.", r.Rank-cell.Count)
			}
			require.Equal(t, text, e.String())
			seen[what]++
		}
	}
	for _, what := range []string{
		"certain", "certain by rounding", "drawn", "none of the cell", "none of the cell, a reserve", "not drawn", "not drawn, a reserve",
	} {
		require.NotZero(t, seen[what], what)
	}
	require.Len(t, seen, 7)
}

func TestExplainErrors(t *testing.T) {
	frame := frameOf(t, weighted("A", 1, 1, 2))
	plan := planOf(t, frame, 0, "1")
	result := runOf(t, plan, frame, Seed{1})
	other := planOf(t, frame, 1, "1")
	_, err := result.Explain(other, frame, "A-00")
	require.EqualError(t, err, fmt.Sprintf("draw: result is for plan %x, expected %x", plan.ID(), other.ID()))
	_, err = result.Explain(plan, frame, "A-03")
	require.EqualError(t, err, `draw: id "A-03" is not in the frame`)
	_, err = result.Explain(plan, frameOf(t, weighted("A", 3)), "A-00")
	require.EqualError(t, err, `draw: result has no cell of weight 3 in stratum "A"`)
	_, err = result.Explain(plan, frame, strings.Repeat("x", 1000))
	require.Less(t, len(err.Error()), 200)
}
