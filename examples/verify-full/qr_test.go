package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	random "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/mod/sumdb/note"

	draws "github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/audit"
	"github.com/doublerandom/doublerandom/draw/gm"
	"github.com/doublerandom/doublerandom/draw/seal"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/doublerandom/doublerandom/registry"
)

// packedReceipt returns the packed text of a receipt with proofs of so many
// hashes each: 20 is a city of a million units. The proofs lead nowhere.
func packedReceipt(t *testing.T, hashes int) string {
	suite := gm.SM3()
	hash := func(parts ...any) statement.ID { return suite.Sum([]byte(fmt.Sprint(parts...))) }
	r := &statement.Receipt{
		Notice: hash("notice"), Sealed: hash("sealed"), Frame: hash("frame"), Units: 1 << hashes, Root: hash("root"), Index: 1<<hashes - 1,
		Unit:    registry.Unit{ID: "91370202MA00889949", Stratum: "370202/食品销售", Weight: 2},
		Outcome: statement.Drawn, Rank: 1 + uint64(hashes), Extension: hash("team"),
	}
	salt, frameSalt := hash("salt"), hash("frame salt")
	copy(r.Salt[:], salt[:])
	copy(r.FrameSalt[:], frameSalt[:])
	for i := range hashes {
		r.FramePath, r.Path = append(r.FramePath, hash("frame", i)), append(r.Path, hash("tree", i))
	}
	skey, _, err := gm.GenerateKey(random.NewChaCha8([32]byte{1}), "regulator.example")
	require.NoError(t, err)
	signer, err := gm.NewSigner(skey)
	require.NoError(t, err)
	signed, err := statement.Sign(suite, r, signer)
	require.NoError(t, err)
	text, err := seal.PackReceipt(signed.Note)
	require.NoError(t, err)
	return text
}

// A spoiling is what happens to a picture on its way to the reader.
type spoiling struct {
	scale   float64 // pixels for a pixel
	degrees float64
	blur    int     // pixels to each side that a pixel is the mean of
	noise   float64 // standard deviation of the gray
	quality int     // of JPEG
}

// spoil returns the picture spoilt: gray on gray paper, with a margin.
func (s spoiling) spoil(t *testing.T, picture []byte) []byte {
	clean, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	side := float64(clean.Bounds().Dx()) * s.scale
	margin := side/10 + .3 // not a whole number of pixels
	page := image.NewGray(image.Rect(0, 0, int(side+2*margin), int(side+2*margin)))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(s.degrees * math.Pi / 180)
	middle, half := side/2+margin, float64(clean.Bounds().Dx())/2
	draw.BiLinear.Transform(page, f64.Aff3{
		s.scale * cos, -s.scale * sin, middle - s.scale*(cos-sin)*half,
		s.scale * sin, s.scale * cos, middle - s.scale*(sin+cos)*half,
	}, clean, clean.Bounds(), draw.Over, nil)
	r := random.New(random.NewPCG(1, 2))
	spoilt := image.NewGray(page.Rect)
	for y := range page.Rect.Dy() {
		for x := range page.Rect.Dx() {
			sum, n := 0, 0
			for v := max(0, y-s.blur); v <= min(y+s.blur, page.Rect.Dy()-1); v++ {
				for u := max(0, x-s.blur); u <= min(x+s.blur, page.Rect.Dx()-1); u++ {
					sum += int(page.Pix[v*page.Stride+u])
					n++
				}
			}
			gray := 25 + float64(sum)/float64(n)*200/255 + s.noise*r.NormFloat64()
			spoilt.SetGray(x, y, color.Gray{Y: uint8(max(0, min(gray, 255)))})
		}
	}
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, spoilt, &jpeg.Options{Quality: s.quality}))
	return out.Bytes()
}

// TestQRCodesAreRead prints receipts of a small and a large draw, spoils the
// pictures and reads them.
func TestQRCodesAreRead(t *testing.T) {
	for _, c := range []struct {
		hashes  int
		version int
		level   string
	}{{0, 18, "M"}, {5, 24, "M"}, {10, 29, "M"}, {14, 28, "L"}, {20, 32, "L"}, {21, 33, "L"}} {
		text := packedReceipt(t, c.hashes)
		code, err := printQR(text)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(c.version, c.level), fmt.Sprint(code.Version, code.Level), "%d characters", len(text))
		read, err := readQR(code.PNG)
		require.NoError(t, err)
		require.Equal(t, text, read)
		if c.hashes != 5 && c.hashes != 20 {
			continue
		}
		for _, s := range []spoiling{
			{scale: 1, quality: 90},
			{scale: .39, quality: 90}, // read at another scale only
			{scale: .43, degrees: 2, noise: 8, quality: 60},
			{scale: .71, degrees: -6, blur: 1, noise: 8, quality: 60},
			{scale: .93, degrees: 3, blur: 2, noise: 12, quality: 60},
			{scale: .57, degrees: 178.5, noise: 8, quality: 60},
		} {
			read, err := readQR(s.spoil(t, code.PNG))
			require.NoError(t, err, "version %d, %+v", code.Version, s)
			require.Equal(t, text, read)
		}
	}
}

// TestAnotherReader reads the codes by a port of ZXing, so that no fault of the
// library's writer is made good by its own reader.
func TestAnotherReader(t *testing.T) {
	for _, text := range []string{
		"DR1:ABCDEF", packedReceipt(t, 0), packedReceipt(t, 5), packedReceipt(t, 10), packedReceipt(t, 14), packedReceipt(t, 20),
		packedReceipt(t, 21), strings.Repeat("0A $%*+-./:Z", 358),
	} {
		code, err := printQR(text)
		require.NoError(t, err)
		picture, err := png.Decode(bytes.NewReader(code.PNG))
		require.NoError(t, err)
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		require.NoError(t, err)
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
		require.NoError(t, err, "version %d-%s", code.Version, code.Level)
		require.Equal(t, text, result.GetText())
		require.Equal(t, code.Level, result.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL])
	}
}

func TestQRPicture(t *testing.T) {
	code, err := printQR(packedReceipt(t, 3))
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(code.PNG))
	require.NoError(t, err)
	paletted, ok := picture.(*image.Paletted)
	require.True(t, ok)
	require.Equal(t, color.Palette{color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}}, paletted.Palette)
	side := 8 * (17 + 4*code.Version + 8)
	require.Equal(t, image.Rect(0, 0, side, side), paletted.Rect)
	dark := image.Rectangle{}
	for i, p := range paletted.Pix {
		if p == 1 {
			dark = dark.Union(image.Rect(i%side, i/side, i%side+1, i/side+1))
		}
	}
	require.Equal(t, image.Rect(32, 32, side-32, side-32), dark)

	code, err = printQR("DR1:ABCDEF") // 1-M has room, and so has 1-H
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(1, "H"), fmt.Sprint(code.Version, code.Level))
	_, err = printQR(strings.Repeat("A", 4297))
	require.EqualError(t, err, "go_qr: data too long: data length 23651 bits exceeds capacity 23648 bits")
	code, err = printQR(strings.Repeat("A", 4296))
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint(40, "L"), fmt.Sprint(code.Version, code.Level))
}

func TestReadQRRefuses(t *testing.T) {
	encode := func(img image.Image) []byte {
		var out bytes.Buffer
		require.NoError(t, png.Encode(&out, img))
		return out.Bytes()
	}
	huge := encode(image.NewGray(image.Rect(0, 0, 9000, 6000)))
	const noCode = "no QR code that can be read: expected one alone, sharp and seen from straight above; the text that another scanner shows does as well"
	for name, c := range map[string]struct {
		picture []byte
		err     string
	}{
		"no picture": {[]byte("DR1:"), "image: unknown format"},
		"cut":        {huge[:100], "png of 9000 x 6000 pixels, expected at most 52428800"},
		"huge":       {huge, "png of 9000 x 6000 pixels, expected at most 52428800"},
		"blank":      {encode(image.NewNRGBA(image.Rect(0, 0, 300, 300))), noCode},
		"a pixel":    {encode(image.NewGray(image.Rect(0, 0, 1, 1))), noCode},
		"cut pixels": {encode(image.NewGray(image.Rect(0, 0, 3, 3)))[:60], "unexpected EOF"},
	} {
		text, err := readQR(c.picture)
		require.EqualError(t, err, c.err, name)
		require.Empty(t, text, name)
	}
}

// TestReceiptOnPaper prints the receipt of a company under SM3 and SM2, and
// verifies it from the picture with the policy alone.
func TestReceiptOnPaper(t *testing.T) {
	suite := gm.SM3()
	skey, vkey, err := gm.GenerateKey(rand.Reader, "regulator.example")
	require.NoError(t, err)
	signer, err := gm.NewSigner(skey)
	require.NoError(t, err)
	signed := smallReceipt(t, suite, signer)
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write := func(name string, data []byte) { require.NoError(t, os.WriteFile(path(name), data, 0o644)) }
	write("company.note", signed.Note)
	p := audit.DefaultPolicy()
	p.At, p.Series, p.Regulators, p.SuiteNames = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), suite.Sum([]byte("series")), []string{vkey}, []string{"sm3"}
	policy, err := p.MarshalText()
	require.NoError(t, err)
	write("policy.txt", policy)

	run := func(args ...string) (int, string) {
		var out bytes.Buffer
		program := program()
		program.Stdout, program.Stderr = &out, &out
		return program.Main(args), out.String()
	}
	status, out := run("qr", path("company.note"), path("company.png"))
	require.Equal(t, 0, status, out)
	require.Regexp(t, `company.png: QR code of version 2[0-9]-[LM], 1[0-9]{3} characters; print it at least 6 cm wide. Nothing was verified.\n$`, out)
	status, out = run("-policy", path("policy.txt"), "receipt", path("company.png"))
	require.Equal(t, 0, status, out)
	require.Contains(t, out, `"company-3" is number 4 of 10 units, in stratum "A" with weight 1; outcome: drawn`)

	picture, err := os.ReadFile(path("company.png"))
	require.NoError(t, err)
	write("photo.jpg", spoiling{scale: .6, degrees: 1.5, blur: 1, noise: 6, quality: 60}.spoil(t, picture))
	status, out = run("-policy", path("policy.txt"), "-lang", "zh", "receipt", path("photo.jpg"))
	require.Equal(t, 0, status, out)
	status, out = run("qr", "-lang", "zh", path("photo.jpg"), path("again.PNG"))
	require.Equal(t, 0, status, out)
	require.Contains(t, out, "未作核验。")
	again, err := os.ReadFile(path("again.PNG"))
	require.NoError(t, err)
	require.Equal(t, picture, again)

	other, err := printQR("HTTPS://EXAMPLE.ORG")
	require.NoError(t, err)
	write("other.png", other.PNG)
	for _, c := range []struct {
		args []string
		err  string
	}{
		{[]string{"qr", path("company.note")}, "expected a receipt and the picture to write: see verify-full -h"},
		{[]string{"qr", path("company.png"), path("company.note")}, path("company.note") + ": expected a name that ends in .png"},
		{[]string{"qr", path("policy.txt"), path("a.png")}, path("policy.txt") + `: seal: pack receipt: the note is not of a receipt: it begins with the line "doublerandom/policy/v1"`},
		{[]string{"qr", path("none.note"), path("a.png")}, "open " + path("none.note") + ": no such file or directory"},
		{[]string{"qr", path("company.note"), path("none/a.png")}, "open " + path("none/a.png") + ": no such file or directory"},
		{[]string{"-policy", path("policy.txt"), "receipt", path("other.png")}, path("other.png") + `: seal: unpack receipt: "HTTPS://EXAMPLE.ORG" does not begin with "DR1:"`},
	} {
		status, out := run(c.args...)
		require.Equal(t, 2, status)
		require.Equal(t, "verify-full: "+c.err+"\n", out)
	}
	status, out = run("-h")
	require.Equal(t, 0, status)
	require.Contains(t, out, "  verify-full qr RECEIPT PICTURE.png ")
	require.Contains(t, out, "QR code,\nor a picture of the code alone")
}

// smallReceipt returns the receipt of a drawn company out of ten.
func smallReceipt(t *testing.T, suite draws.Suite, signer note.Signer) *statement.Signed {
	frame, err := registry.NewFrame(func(yield func(registry.Unit, error) bool) {
		for i := range 10 {
			if !yield(registry.Unit{ID: fmt.Sprintf("company-%d", i), Stratum: "A", Weight: 1}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	plan, err := draws.NewPlan(suite, frame, draws.Quotas{{Stratum: "A", Count: draws.WholeFraction(10)}}, 0)
	require.NoError(t, err)
	result, err := draws.Run(plan, frame, draws.Seed{1})
	require.NoError(t, err)
	tree, err := seal.New(suite, frame, result, nil)
	require.NoError(t, err)
	rows, err := frame.Tree(suite.Hash)
	require.NoError(t, err)
	receipt, err := seal.NewReceipt(suite.Sum([]byte("notice")), suite.Sum([]byte("sealed")), rows, tree, "company-3")
	require.NoError(t, err)
	signed, err := statement.Sign(suite, receipt, signer)
	require.NoError(t, err)
	return signed
}
