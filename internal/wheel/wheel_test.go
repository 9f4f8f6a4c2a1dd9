package wheel

import (
	"encoding/binary"
	"hash"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/doublerandom/doublerandom/internal/digest"
	"github.com/stretchr/testify/require"
)

func whole(x uint64) *big.Int { return new(big.Int).SetUint64(x) }

// A dealt hash gives the numbers of a list, by the counter that ends its input.
type dealt struct {
	numbers []uint64
	input   []byte
}

func (d *dealt) Write(p []byte) (int, error) { d.input = append(d.input, p...); return len(p), nil }
func (d *dealt) Reset()                      { d.input = nil }
func (d *dealt) Size() int                   { return digest.Size }
func (d *dealt) BlockSize() int              { return 64 }

func (d *dealt) Sum(b []byte) []byte {
	counter := binary.BigEndian.Uint64(d.input[32:])
	b = binary.BigEndian.AppendUint64(b, d.numbers[counter])
	return append(b, make([]byte, digest.Size-8)...)
}

// TestWheelStartRejects deals numbers around the largest multiple of the size up
// to 2^64: from there on each is passed over, so that all starts are equally
// likely.
func TestWheelStartRejects(t *testing.T) {
	const top = math.MaxUint64
	for _, size := range []uint64{1, 2, 3, 7, 10, 1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1, top} {
		all := new(big.Int).Lsh(big.NewInt(1), 64)
		multiple := new(big.Int).Mul(new(big.Int).Div(all, whole(size)), whole(size))
		for _, x := range []uint64{0, 1, size - 1, size, top / 2, -(-size % size) - 1, -(-size % size), top - 1, top} {
			f, err := digest.New(func() hash.Hash { return &dealt{numbers: []uint64{x, top, 5}} })
			require.NoError(t, err)
			want := uint64(5) // the third number is below each multiple, or the first that counts
			for _, n := range []uint64{x, top, 5} {
				if whole(n).Cmp(multiple) < 0 {
					want = n % size
					break
				}
			}
			require.Equal(t, want, Start(f.Hasher(), new([32]byte), size), "size %d, number %d", size, x)
		}
	}
}

// TestWheelBesideBigNumbers compares the wheel with its formula, floor divisions
// of whole numbers of any size, for lengths up to the limits.
func TestWheelBesideBigNumbers(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	floor := func(end *big.Int, start, size uint64) *big.Int {
		v := new(big.Int).Sub(end, whole(start))
		return v.Sub(v, big.NewInt(1)).Div(v, whole(size)) // Div rounds down for a size above 0
	}
	for range 5_000 {
		size := 1 + random.Uint64N(1<<(1+random.IntN(63)))
		w := New(size, random.Uint64N(size))
		end, n := new(big.Int), random.Uint64N(1<<(1+random.IntN(63)))
		for left := size; left > 0; {
			length := 1 + random.Uint64N(left)
			left -= length
			next := new(big.Int).Add(end, new(big.Int).Mul(whole(n), whole(length)))
			want := new(big.Int).Sub(floor(next, w.start, size), floor(end, w.start, size))
			require.Equal(t, want.String(), whole(w.Next(n, length)).String(), "size %d, start %d, %d times %d after %s", size, w.start, n, length, end)
			end = next
		}
		require.Equal(t, n, w.marks, "a whole turn, n times")
	}
}
