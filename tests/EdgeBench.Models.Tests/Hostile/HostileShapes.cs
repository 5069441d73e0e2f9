using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;
using static EdgeBench.Models.Tests.Hostile.GgufBytes;
using static EdgeBench.Models.Tests.Hostile.SafetensorsBytes;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>A shape of hostile input behind published vulnerabilities of parsers.</summary>
/// <param name="Words">What the message must name: the offender and the expectation.</param>
/// <param name="Try">Makes the input in a folder and opens it.</param>
internal sealed record HostileShape(string Format, string Name, string[] Words, Action<string> Try);

/// <summary>
/// The shapes. GGUF: CVE-2024-21802, -21825, -21836, -23496 and -23605 (counts and lengths of headers), CVE-2024-25664 to -25668 (loops and arrays),
/// CVE-2025-53630 (products of dimensions); safetensors: the format's own list of rules; names of shards: path traversal as of CVE-2024-5187 and
/// CVE-2022-25882.
/// </summary>
internal static class HostileShapes
{
    private const string SafetensorsF32 = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    public static IReadOnlyList<HostileShape> All { get; } = [.. Gguf(), .. Safe(), .. Shards()];

    private static IEnumerable<HostileShape> Gguf() =>
    [
        OfGguf("product of dimensions overflows", ["'t'", "4294967296 × 4294967296", "2⁶³"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [1UL << 32, 1UL << 32]))),
        OfGguf("product of dimensions in bytes overflows", ["'t'", "4611686018427387904"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [1UL << 62]))),
        OfGguf("negative dimension", ["dimension 0 of tensor 't'", "18446744073709551615"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [ulong.MaxValue]))),
        OfGguf("dimension of zero", ["dimension 0 of tensor 't' is 0"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [0]))),
        OfGguf("too many dimensions", ["'t' has 5 dimensions", "1 to 4"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [1, 1, 1, 1, 1]))),
        OfGguf("offset past the end", ["'t'", "offset 1048576", "within"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [8], 0, 1 << 20))),
        OfGguf("offset plus length wraps", ["'t'", "18446744073709551584"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [8], 0, ulong.MaxValue - 31))),
        OfGguf("data past the end", ["'t' takes 4096 bytes", "within"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [1024]))),
        OfGguf("overlapping tensors", ["'b' overlaps 'a'"], () => GgufBytes.File(2, 0, w => { Tensor(w, "a", [16]); Tensor(w, "b", [16], 0, 32); })),
        OfGguf("duplicate tensor names", ["'a' occurs twice", "once"], () => GgufBytes.File(2, 0, w => { Tensor(w, "a", [8]); Tensor(w, "a", [8], 0, 32); })),
        OfGguf("duplicate metadata keys", ["'k' occurs twice", "once"], () => GgufBytes.File(0, 2, w => { for (int i = 0; i < 2; i++) { Text(w, "k"); w.Write(4u); w.Write(1u); } })),
        OfGguf("negative length of a text", ["length of key of metadata entry 0", "18446744073709551615", "at most"], () => GgufBytes.File(0, 1, w => w.Write(ulong.MaxValue))),
        OfGguf("huge length of a text", ["length of key of metadata entry 0", "1099511627776"], () => GgufBytes.File(0, 1, w => w.Write(1UL << 40))),
        OfGguf("huge number of tensors", ["number of tensors", "9223372036854775807"], () => GgufBytes.File(long.MaxValue, 0, _ => { })),
        OfGguf("huge number of metadata entries", ["number of metadata entries", "18446744073709551615"], () => GgufBytes.File(0, ulong.MaxValue, _ => { })),
        OfGguf("more tensors than any file has", ["number of tensors is 131073", "131072"], () => GgufBytes.File((1 << 17) + 1, 0, _ => { }, 5 << 20)),
        OfGguf("more metadata than any file has", ["number of metadata entries is 65537", "65536"], () => GgufBytes.File(0, (1 << 16) + 1, _ => { }, 2 << 20)),
        OfGguf("huge length of an array", ["length of 'k'", "1152921504606846976"], () => GgufBytes.File(0, 1, w => ArrayStart(w, "k", GgufValueType.UInt64, 1UL << 60))),
        OfGguf("arrays nested deeply", ["'k'", "nested deeper than 4", "flat"], () => GgufBytes.File(0, 1, w => { Text(w, "k"); w.Write(9u); for (int i = 0; i < 100_000; i++) { w.Write(9u); w.Write(1UL); } })),
        OfGguf("millions of inner arrays", ["'k'", "3000000", "2097152"], () => GgufBytes.File(0, 1, w => ArrayStart(w, "k", GgufValueType.Array, 3_000_000), 36_000_000)),
        OfGguf("millions of texts in several arrays", ["'b'", "2097152"], () => GgufBytes.File(0, 2, w => { ArrayStart(w, "a", GgufValueType.String, 1_100_000); w.Write(new byte[8_800_000]); ArrayStart(w, "b", GgufValueType.String, 1_100_000); }, 8_800_000)),
        OfGguf("header longer than the file", ["the file ends"], () => GgufBytes.File(0, 1, w => { Text(w, "k"); w.Write(12u); }, 3)),
        OfGguf("alignment of zero", ["general.alignment", "0", "power of two"], () => GgufBytes.File(0, 1, w => { Text(w, "general.alignment"); w.Write(4u); w.Write(0u); })),
        OfGguf("unknown value type", ["type of 'k' is 4711", "0 to 12"], () => GgufBytes.File(0, 1, w => { Text(w, "k"); w.Write(4711u); })),
        OfGguf("unknown tensor type", ["unknown type 4711", "F32"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [8], 4711))),
        OfGguf("rows that are no whole blocks", ["rows of 33 elements", "multiple of 32"], () => GgufBytes.File(1, 0, w => Tensor(w, "t", [33], 8))),
    ];

    private static IEnumerable<HostileShape> Safe() =>
    [
        OfSafe("header longer than the file", ["1000 bytes", "at most 58"], SafetensorsBytes.File(SafetensorsF32, 4, 1000)),
        OfSafe("negative length of the header", ["18446744073709551615", "at most"], SafetensorsBytes.File(SafetensorsF32, 8, -1)),
        OfSafe("header longer than the limit", ["33554433", "at most 33554432"], [.. BitConverter.GetBytes((32L << 20) + 1), .. new byte[(32 << 20) + 1]]),
        OfSafe("header that is no object", ["'{'"], SafetensorsBytes.File("[1]")),
        OfSafe("JSON nested deeply", ["tensor 'a' is an array", "an object"], SafetensorsBytes.File("{\"a\":" + new string('[', 10_000) + "}")),
        OfSafe("duplicate tensor names", ["'a' occurs twice", "once"], SafetensorsBytes.File(SafetensorsF32[..^1] + "," + SafetensorsF32[1..], 8)),
        OfSafe("duplicate keys of a tensor", ["'dtype' of tensor 'a' occurs twice"], SafetensorsBytes.File("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8)),
        OfSafe("product of dimensions overflows", ["'a'", "4294967296, 4294967296", "2⁶³"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[4294967296,4294967296]", "[0,0]"))),
        OfSafe("product of dimensions in bytes overflows", ["'a'", "4611686018427387904"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[4611686018427387904]", "[0,0]"))),
        OfSafe("negative dimension", ["the shape of tensor 'a'", "'-1'"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[-1]", "[0,0]"))),
        OfSafe("dimension that is no whole number", ["the shape of tensor 'a'", "'1.5'"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[1.5]", "[0,0]"))),
        OfSafe("thousands of dimensions", ["the shape of tensor 'a'", "at most 16"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", $"[{string.Join(',', Enumerable.Repeat(1, 5000))}]", "[0,4]"), 4)),
        OfSafe("offset past the end", ["'a' ends at byte 8", "within the 4 bytes"], SafetensorsBytes.File(SafetensorsF32, 4)),
        OfSafe("offsets in the wrong order", ["[8, 0]"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[2]", "[8,0]"), 8)),
        OfSafe("offsets that do not fit the type", ["data_offsets of 4 bytes", "8, as F32 and shape [2]"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F32", "[2]", "[0,4]"), 4)),
        OfSafe("overlapping tensors", ["'b' starts at byte 4", "overlaps"], SafetensorsBytes.File("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12)),
        OfSafe("hole between tensors", ["'b' starts at byte 16", "hole"], SafetensorsBytes.File("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[16,24]}}", 24)),
        OfSafe("bytes that belong to no tensor", ["92 bytes at the end"], SafetensorsBytes.File(SafetensorsF32, 100)),
        OfSafe("unknown dtype", ["'F31'", "BF16"], SafetensorsBytes.File(SafetensorsBytes.Tensor("a", "F31", "[2]", "[0,8]"), 8)),
        OfSafe("unknown key", ["'path' of tensor 'a'"], SafetensorsBytes.File("{\"a\":{\"path\":\"/etc/passwd\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8)),
        OfSafe("metadata that are no texts", ["'__metadata__' entry 'k'", "a text"], SafetensorsBytes.File("{\"__metadata__\":{\"k\":{}}}")),
        OfSafe("name with half a surrogate pair", ["surrogate"], SafetensorsBytes.File(SafetensorsF32.Replace("\"a\"", "\"\\ud800\""), 8)),
    ];

    private static IEnumerable<HostileShape> Shards() =>
    [
        OfShard("'..' in a name", ["'../outside.safetensors'", "without folders"], "../outside.safetensors", _ => { }),
        OfShard("absolute name", ["/etc/passwd", "without folders"], "/etc/passwd", _ => { }),
        OfShard("folder in a name", ["'sub/a.safetensors'", "without folders"], "sub/a.safetensors", _ => { }),
        OfShard("name that is '..'", ["'..'", "without folders"], "..", _ => { }),
        OfShard("drive in a name", ["'C:a.safetensors'", "without folders"], "C:a.safetensors", _ => { }),
        OfShard("symbolic link out of the folder", ["'link.safetensors'", "outside of the folder"], "link.safetensors", folder => System.IO.File.CreateSymbolicLink(Path.Combine(folder, "link.safetensors"), Path.Combine(folder, "..", "outside.safetensors"))),
        OfShard("hard link to a file elsewhere", ["'hard.safetensors'", "2 names"], "hard.safetensors", folder => HardLink(Path.Combine(folder, "..", "outside.safetensors"), Path.Combine(folder, "hard.safetensors"))),
        OfShard("shard that is missing", ["'none.safetensors'", "not there"], "none.safetensors", _ => { }),
    ];

    private static HostileShape OfGguf(string name, string[] words, Func<byte[]> bytes) => new("GGUF", name, words, folder =>
    {
        string path = Path.Combine(folder, "file.gguf");
        System.IO.File.WriteAllBytes(path, bytes());
        using GgufFile file = GgufFile.Open(path);
    });

    private static HostileShape OfSafe(string name, string[] words, byte[] bytes) => new("safetensors", name, words, folder =>
    {
        string path = Path.Combine(folder, "model.safetensors");
        System.IO.File.WriteAllBytes(path, bytes);
        using SafetensorsFile file = SafetensorsFile.Open(path);
    });

    private static HostileShape OfShard(string name, string[] words, string shard, Action<string> prepare) => new("shard index", name, words, folder =>
    {
        string inside = Path.Combine(folder, "model");
        Directory.CreateDirectory(inside);
        System.IO.File.WriteAllBytes(Path.Combine(folder, "outside.safetensors"), SafetensorsBytes.File(SafetensorsF32, 8));
        prepare(inside);
        System.IO.File.WriteAllText(Path.Combine(inside, "model.safetensors.index.json"), $$"""{"weight_map":{"a":"{{shard}}"} }""");
        using SafetensorsModel model = SafetensorsModel.Open(inside);
    });

    private static void HardLink(string from, string to)
    {
        using System.Diagnostics.Process link = System.Diagnostics.Process.Start("ln", [from, to]);
        link.WaitForExit();
        Assert.Equal(2, HardLinks.Count(to));
    }

    public static EdgeBenchException Refusal(HostileShape shape, string folder) => Assert.Throws<EdgeBenchException>(() => shape.Try(folder));
}
