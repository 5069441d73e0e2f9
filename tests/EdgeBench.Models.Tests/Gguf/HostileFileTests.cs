using System.Buffers.Binary;
using System.Text;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Gguf;

/// <summary>Damaged and lying files: a typed error that says where, or a file that is still consistent; nothing else, and no large allocation.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const long AllocationLimit = 2 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _valid = SmallFile.Bytes();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_cut_at_any_byte_is_refused_with_the_place()
    {
        // The last tensor's padding may be missing.
        int needed = _valid.Length - 28;
        for (int length = 0; length < needed; length++)
        {
            EdgeBenchException error = Assert.IsType<EdgeBenchException>(Open(_valid[..length]));
            Assert.Equal(ExitCode.BadInput, error.ExitCode);
            Problem problem = Assert.Single(error.Problems);
            Assert.Equal(_folder.File("file.gguf"), problem.File);
            Assert.NotEmpty(problem.Expected);
            Assert.NotNull(problem.Remedy);
            if (length > 0) Assert.StartsWith("byte ", problem.Path);
        }
        Assert.Null(Open(_valid[..needed]));
    }

    [Fact]
    public void Any_flipped_bit_of_the_header_gives_a_typed_error_or_a_consistent_file()
    {
        int refused = 0, headerBytes = _valid.Length - (32 + 64 + 96);
        for (int at = 0; at < headerBytes; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. _valid];
                flipped[at] ^= (byte)(1 << bit);
                if (Open(flipped) is EdgeBenchException) refused++;
            }
        }
        Assert.InRange(refused, headerBytes, headerBytes * 8);
    }

    [Theory]
    [InlineData(8, "number of tensors")]
    [InlineData(16, "number of metadata entries")]
    [InlineData(24, "length of key of metadata entry 0")]
    public void An_absurd_count_is_refused_by_name_without_allocating(int at, string name)
    {
        foreach (ulong count in new ulong[] { ulong.MaxValue, 1UL << 63, long.MaxValue, 1UL << 40, int.MaxValue, (ulong)_valid.Length })
        {
            byte[] file = [.. _valid];
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), count);
            Exception? error = Open(file);
            Assert.Contains($"{name} is {count}", Assert.IsType<EdgeBenchException>(error).Message);
            Assert.Contains($"byte {at}", error.Message);
        }
    }

    [Fact]
    public void Counts_of_arrays_are_refused_without_allocating()
    {
        foreach (GgufValueType type in Enum.GetValues<GgufValueType>())
        {
            byte[] file = Header(0, 1, writer => { Text(writer, "k"); writer.Write((uint)GgufValueType.Array); writer.Write((uint)type); writer.Write(1UL << 60); });
            Assert.Contains("length of 'k' is 1152921504606846976", Assert.IsType<EdgeBenchException>(Open(file)).Message);
        }
    }

    [Fact]
    public void Deeply_nested_arrays_are_refused()
    {
        byte[] file = Header(0, 1, writer =>
        {
            Text(writer, "k");
            writer.Write((uint)GgufValueType.Array);
            for (int depth = 0; depth < 100_000; depth++) { writer.Write((uint)GgufValueType.Array); writer.Write(1UL); }
        });
        Assert.Contains("nested deeper", Assert.IsType<EdgeBenchException>(Open(file)).Message);
    }

    public static TheoryData<ulong[], uint, ulong, string> LyingTensors => new()
    {
        { [1UL << 32, 1UL << 32], 0, 0, "4294967296 × 4294967296" },
        { [1UL << 62], 0, 0, "4611686018427387904" },
        { [ulong.MaxValue], 0, 0, "dimension 0 of tensor 't' is 18446744073709551615" },
        { [0], 0, 0, "dimension 0 of tensor 't' is 0" },
        { [1, 1, 1, 1, 1], 0, 0, "has 5 dimensions" },
        { [8], 0, ulong.MaxValue - 31, "offset 18446744073709551584" },
        { [8], 0, (ulong)long.MaxValue - 31, "9223372036854775776" },
        { [8], 0, 4, "offset 4" },
        { [8], 4, 0, "unknown type 4" },
        { [8], 4711, 0, "unknown type 4711" },
        { [33], 8, 0, "rows of 33 elements" },
        { [1024], 0, 0, "takes 4096 bytes" },
    };

    [Theory]
    [MemberData(nameof(LyingTensors))]
    public void A_tensor_that_lies_is_refused_by_name(ulong[] dimensions, uint type, ulong offset, string expected)
    {
        byte[] file = Header(1, 0, writer => Entry(writer, "t", dimensions, type, offset));
        Assert.Contains(expected, Assert.IsType<EdgeBenchException>(Open(file)).Message);
    }

    [Fact]
    public void Overlapping_and_repeated_tensors_and_repeated_keys_are_refused()
    {
        byte[] overlap = Header(2, 0, writer => { Entry(writer, "a", [16], 0, 0); Entry(writer, "b", [16], 0, 32); });
        Assert.Contains("'b' overlaps 'a'", Assert.IsType<EdgeBenchException>(Open(overlap)).Message);
        byte[] repeated = Header(2, 0, writer => { Entry(writer, "a", [8], 0, 0); Entry(writer, "a", [8], 0, 32); });
        Assert.Contains("tensor 'a' occurs twice", Assert.IsType<EdgeBenchException>(Open(repeated)).Message);
        byte[] keys = Header(0, 2, writer => { Number(writer, "k", 1); Number(writer, "k", 2); });
        Assert.Contains("metadata key 'k' occurs twice", Assert.IsType<EdgeBenchException>(Open(keys)).Message);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(1u << 31)]
    public void An_alignment_that_is_no_power_of_two_or_absurd_is_refused(uint alignment)
    {
        byte[] file = Header(0, 1, writer => Number(writer, "general.alignment", alignment));
        Assert.Contains($"general.alignment is {alignment}", Assert.IsType<EdgeBenchException>(Open(file)).Message);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused_with_its_byte()
    {
        byte[] file = Header(0, 1, writer => { writer.Write(2UL); writer.Write((byte)'k'); writer.Write((byte)0xFF); Number(writer, "", 1); });
        Assert.Contains("byte 33: key of metadata entry 0 is not valid UTF-8", Assert.IsType<EdgeBenchException>(Open(file)).Message);
    }

    [Theory]
    [InlineData(1, "GGUF version 1")]
    [InlineData(4, "GGUF version 4")]
    [InlineData(0x0300_0000, "big-endian")]
    public void Other_versions_and_big_endian_files_are_refused_by_name(int version, string expected)
    {
        byte[] file = [.. _valid];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), version);
        Assert.Contains(expected, Assert.IsType<EdgeBenchException>(Open(file)).Message);
    }

    private static byte[] Header(ulong tensors, ulong metadata, Action<BinaryWriter> rest)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(tensors);
        writer.Write(metadata);
        rest(writer);
        writer.Write(new byte[256]);
        return stream.ToArray();
    }

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Number(BinaryWriter writer, string key, uint value)
    {
        Text(writer, key);
        writer.Write((uint)GgufValueType.UInt32);
        writer.Write(value);
    }

    private static void Entry(BinaryWriter writer, string name, ulong[] dimensions, uint type, ulong offset)
    {
        Text(writer, name);
        writer.Write((uint)dimensions.Length);
        foreach (ulong length in dimensions) writer.Write(length);
        writer.Write(type);
        writer.Write(offset);
    }

    /// <summary>Opens the bytes as a file; null where it opens and is consistent, else the exception.</summary>
    private Exception? Open(byte[] bytes)
    {
        string path = _folder.File("file.gguf");
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (GgufTensor tensor in file.Tensors)
            {
                Assert.InRange(tensor.Offset + tensor.Bytes, tensor.Bytes, file.FileBytes);
                Assert.Equal(tensor.Bytes, file.Data(tensor).Length);
                Assert.Equal(tensor.Elements, tensor.Dimensions.Aggregate(1L, (a, b) => checked(a * b)));
            }
            _ = file.Shape;
            return null;
        }
        catch (EdgeBenchException error)
        {
            return error;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
        }
    }
}
