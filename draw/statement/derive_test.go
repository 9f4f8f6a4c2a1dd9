package statement

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/registry"
	"github.com/stretchr/testify/require"
)

// spelled is Hash of SPEC.md, section 12.2, written out.
func spelled(parts ...string) ID {
	var b []byte
	for _, p := range append([]string{"doublerandom/v1"}, parts...) {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
	}
	return sha256.Sum256(b)
}

func raw(id ID) string { return string(id[:]) }

func TestDerivations(t *testing.T) {
	suite := draw.SHA256()
	n, v, w := hashOf(1), hashOf(3), hashOf(4)
	require.Equal(t, spelled("commit", raw(n), "press", raw(v), raw(w)), CommitmentOf(suite, n, "press", v, w))
	require.Equal(t, spelled("chain", "press", raw(v)), ChainLink(suite, "press", v))
	require.Equal(t, spelled("secret", raw(v)), SecretCommitment(suite, v))
	d := Detail{Substitution, "913702", "913703", "closed down", hashOf(5)}
	require.Equal(t, spelled("event", "12", "substitution", "913702", "913703", "closed down", raw(hashOf(5))), EventCommitment(suite, 12, d))

	values := []Value{{"press", v}, {"chamber", w}}
	public := spelled("public", raw(n), "1.2./", "press", raw(v), "chamber", raw(w))
	require.Equal(t, draw.Seed(public), Seed(suite, n, "1.2./", values, nil))
	mac := hmac.New(sha256.New, v[:])
	mac.Write(public[:])
	require.Equal(t, draw.Seed(mac.Sum(nil)), Seed(suite, n, "1.2./", values, (*[32]byte)(&v)))
	require.NotEqual(t, Seed(suite, n, "", values, nil), Seed(suite, n, "", []Value{values[1], values[0]}, nil))

	leaf := SealedLeaf{ID: "913702", Outcome: Drawn, Rank: 3, Salt: registry.Salt{15: 1}}
	require.Equal(t, "913702 drawn 3 none 00000000000000000000000000000001", string(leaf.AppendTo(nil)))
	leaf.Extension = hashOf(6)
	require.Equal(t, "913702 drawn 3 "+hexOf(6)+" 00000000000000000000000000000001", string(leaf.AppendTo(nil)))
}

func TestCheckChain(t *testing.T) {
	suite := draw.SHA256()
	const length = 10
	values := make([]ID, length+1)
	values[length] = hashOf(9) // the first secret
	for k := length; k > 0; k-- {
		values[k-1] = ChainLink(suite, "press", values[k])
	}
	chain := Chain{"press", length, values[0]}
	for k := uint64(1); k <= length; k++ {
		require.NoError(t, CheckChain(suite, chain, k, values[k]))
	}
	require.EqualError(t, CheckChain(suite, chain, 0, values[0]), `statement: chain of "press": draw 0, expected 1 to 10`)
	require.EqualError(t, CheckChain(suite, chain, 11, values[10]), `statement: chain of "press": draw 11, expected 1 to 10`)
	require.EqualError(t, CheckChain(suite, chain, 3, values[4]),
		fmt.Sprintf(`statement: chain of "press": the value for draw 3 leads to %x, expected %x`, values[1], values[0]))
	chain.Contributor = "chamber"
	require.Error(t, CheckChain(suite, chain, 3, values[3]), "another's chain")
}
