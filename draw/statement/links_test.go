package statement

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/stretchr/testify/require"
)

// example reads the made-up statement in testdata with the given name, which
// begins with its kind. A statement of another type fails the test.
func example[S Statement](t *testing.T, name string) (S, ID) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".txt")
	require.NoError(t, err)
	kind, _, _ := strings.Cut(name, "-")
	require.Equal(t, kind, Kind(text))
	s, err := Parse(text)
	require.NoError(t, err, name)
	again, err := s.MarshalText()
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	require.IsType(t, *new(S), s)
	require.Equal(t, ID(sha256.Sum256(text)), IDOf(draw.SHA256(), text))
	return s.(S), IDOf(draw.SHA256(), text)
}

// TestExampleTexts reads the statements of one made-up draw, and checks what
// links them: IDs, commitments, and the chain. The frame has one unit, so that
// the root of the sealed tree is the hash of its leaf.
func TestExampleTexts(t *testing.T) {
	suite := draw.SHA256()
	series, seriesID := example[*Series](t, "series")
	notice, noticeID := example[*Notice](t, "notice")
	commit, commitID := example[*Commit](t, "commit")
	reveal, revealID := example[*Reveal](t, "reveal")
	chain, chainID := example[*Reveal](t, "reveal-chain")
	closed, closeID := example[*Close](t, "close")
	pulse, pulseID := example[*Pulse](t, "pulse")
	sealed, sealedID := example[*SealedResult](t, "sealed")
	receipt, _ := example[*Receipt](t, "receipt")
	hidden, _ := example[*Event](t, "event-hidden")
	event, _ := example[*Event](t, "event")
	opening, _ := example[*Opening](t, "opening")
	void, _ := example[*Void](t, "void")

	require.Equal(t, seriesID, notice.Series)
	for _, id := range []ID{
		commit.Notice, reveal.Notice, chain.Notice, closed.Notice, pulse.Notice, sealed.Notice, receipt.Notice, hidden.Notice, event.Notice,
		opening.Notice, void.Notice,
	} {
		require.Equal(t, noticeID, id)
	}
	require.Equal(t, []Counted{{"chamber", commitID, revealID}, {"press", ID{}, chainID}}, closed.Counted)
	require.Equal(t, closeID, pulse.Close)
	require.Equal(t, []ID{closeID, pulseID}, []ID{sealed.Close, sealed.Pulse})
	for _, id := range []ID{receipt.Sealed, hidden.Sealed, event.Sealed, opening.Sealed} {
		require.Equal(t, sealedID, id)
	}

	require.Equal(t, commit.Commitment, CommitmentOf(suite, noticeID, "chamber", reveal.Value, reveal.Nonce))
	require.NoError(t, CheckChain(suite, series.Chains[0], notice.Number, chain.Value))
	require.Equal(t, notice.Secret, SecretCommitment(suite, opening.Secret))
	require.Equal(t, hidden.Hidden, EventCommitment(suite, event.Sequence, *event.Detail))
	_, err := NewCosignatureVerifier(series.Witnesses[0].Key)
	require.NoError(t, err)

	leaf := SealedLeaf{receipt.Unit.ID, receipt.Outcome, receipt.Rank, receipt.Extension, receipt.Salt}
	require.Equal(t, sealed.Root, ID(sha256.Sum256(leaf.AppendTo([]byte{0}))))
	require.Equal(t, sealed.Root, receipt.Root)

	files, err := fs.Glob(os.DirFS("testdata"), "*.txt")
	require.NoError(t, err)
	require.Len(t, files, 13, "a text that is not read above")
}
