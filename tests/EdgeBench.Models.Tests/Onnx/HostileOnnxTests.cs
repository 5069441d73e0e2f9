using System.Diagnostics;
using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Onnx;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Onnx.Writing;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Onnx;

/// <summary>Files made to do harm: each gets a message that names what is wrong, and no runtime sees it.</summary>
public class HostileOnnxTests
{
    private const OnnxDataType Float = OnnxDataType.Float;

    public static TheoryData<string, string> Shapes => new()
    {
        { "empty graph", "no graph or no operator set" },
        { "garbage", "is no field of ONNX" },
        { "cut off", "at most the" },
        { "text", "is no field of ONNX" },
        { "huge string length", "bytes long" },
        { "endless number", "longer than ten bytes" },
        { "invalid UTF-8", "is not valid UTF-8" },
        { "group field", "is no field of ONNX" },
        { "IR version 0", "IR version 0" },
        { "negative dimension", "has the dimension -1" },
        { "overflowing dimensions", "multiply beyond 64 bits" },
        { "overflowing bytes", "multiply beyond 64 bits" },
        { "too many dimensions", "has more than 16 values" },
        { "data shorter than dimensions", "carries 12 bytes" },
        { "no data", "carries no data" },
        { "unknown data type", "has data type 99" },
        { "two tensors of one name", "two tensors are called 'a'" },
        { "two inputs of one name", "two inputs or outputs are called 'x'" },
        { "two graphs", "a second graph" },
        { "sparse tensor", "a sparse tensor" },
        { "negative input dimension", "the dimension -5" },
        { "nested graphs", "graphs nested deeper than 8" },
        { "nested types", "types nested deeper than 8" },
        { "metadata twice", "occurs twice" },
        { "tensor in an attribute", "has the dimension -1" },
        { "tensor in a function", "has the dimension -1" },
        { "data location 7", "has data location 7" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_malformed_file_is_refused_with_its_fault(string shape, string message)
    {
        EdgeBenchException exception = Assert.Throws<EdgeBenchException>(() => OnnxHeader.Read(Malformed(shape), "/models/m.onnx"));
        Assert.Equal(ExitCode.BadInput, exception.ExitCode);
        Assert.Contains(message, exception.Message);
        Assert.StartsWith("/models/m.onnx: byte ", exception.Message);
    }

    public static TheoryData<string, string> Locations => new()
    {
        { "../outside.bin", "leads out of, or around in, the model's folder" },
        { "a/../../outside.bin", "leads out of, or around in, the model's folder" },
        { "./plain.bin", "leads out of, or around in, the model's folder" },
        { "/etc/passwd", "is no plain relative path" },
        { "C:\\data.bin", "is no plain relative path" },
        { "..\\outside.bin", "is no plain relative path" },
        { "file:data", "is no plain relative path" },
        { "", "is no plain relative path" },
        { "plain.bin\0.txt", "is no plain relative path" },
        { "absent.bin", "is not there" },
        { "symbolic.bin", "goes through a symbolic link" },
        { "linked/plain.bin", "goes through a symbolic link" },
        { "hard.bin", "is a hard link: its content has 2 names" },
        { "folder", "is not there" },
        { "pipe", "is no ordinary file" },
    };

    [Theory]
    [MemberData(nameof(Locations))]
    public void External_data_stays_a_plain_file_of_the_models_folder(string location, string message)
    {
        using TemporaryFolder outer = new();
        string folder = Directory.CreateDirectory(outer.File("model")).FullName;
        File.WriteAllBytes(outer.File("outside.bin"), new byte[64]);
        File.WriteAllBytes(Path.Combine(folder, "plain.bin"), new byte[64]);
        Directory.CreateDirectory(Path.Combine(folder, "folder"));
        File.CreateSymbolicLink(Path.Combine(folder, "symbolic.bin"), outer.File("outside.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), folder);
        Make("ln", outer.File("outside.bin"), Path.Combine(folder, "hard.bin"));
        Make("mkfifo", Path.Combine(folder, "pipe"));
        string model = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(model, OnnxBytes.Model(OnnxBytes.External(location)));
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => OnnxHeader.Read(model)).Message);
    }

    [Theory]
    [InlineData("60", null, "lies at 60 to 76 of 'plain.bin', which has 64 bytes")]
    [InlineData("9223372036854775807", null, "which has 64 bytes")]
    [InlineData("-4", null, "has the offset '-4'")]
    [InlineData("99999999999999999999", null, "has the offset")]
    [InlineData(null, "17", "has 17 bytes of external data")]
    [InlineData("0x10", null, "has the offset '0x10'")]
    public void External_data_lies_inside_of_its_file(string? offset, string? length, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("plain.bin"), new byte[64]);
        File.WriteAllBytes(folder.File("model.onnx"), OnnxBytes.Model(OnnxBytes.External("plain.bin", offset, length)));
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => OnnxHeader.Read(folder.File("model.onnx"))).Message);
    }

    [Fact]
    public void Right_external_data_is_accepted()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("plain.bin"), new byte[64]);
        File.WriteAllBytes(folder.File("model.onnx"), OnnxBytes.Model(OnnxBytes.External("plain.bin", "48", "16")));
        OnnxHeader header = OnnxHeader.Read(folder.File("model.onnx"));
        Assert.Equal(new OnnxExternal("plain.bin", 48, 16), header.Tensors[0].External);
        Assert.Equal(64, header.ExternalFiles["plain.bin"]);
    }

    [Theory]
    [InlineData(true, "this is a folder")]
    [InlineData(false, "no such file")]
    public void What_is_no_file_is_said_to_be_none(bool isFolder, string message)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(message, Assert.Throws<EdgeBenchException>(() => OnnxHeader.Read(isFolder ? folder.Path : folder.File("absent.onnx"))).Message);
    }

    [Fact]
    public void No_change_of_a_file_does_more_than_be_refused()
    {
        byte[] whole = OnnxBytes.Model([OnnxBytes.Tensor("a", Float, [2, 2], 16)], [new ProtobufWriter().Text(1, "a").Text(2, "b").Text(4, "Identity")],
            graph => graph.Message(11, OnnxBytes.Value("x", 2)).Message(12, OnnxBytes.Value("b", 2, 2)), model => model.Message(14, OnnxBytes.Entry("k", "v")));
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 4].Sample(changes =>
        {
            byte[] input = [.. whole];
            foreach ((int at, byte value, _) in changes) input[at] = value;
            try
            {
                OnnxHeader.Read(input.AsSpan(0, changes[0].Item3), "/models/m.onnx");
            }
            catch (EdgeBenchException)
            {
                return;
            }
        }, iter: 20_000);
    }

    private static byte[] Malformed(string shape)
    {
        ProtobufWriter bad = OnnxBytes.Tensor("a", Float, [-1], 0);
        byte[] good = OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [4], 16));
        return shape switch
        {
            "empty graph" => OnnxBytes.Bytes(new ProtobufWriter().Integer(1, 10)),
            "garbage" => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1],
            "cut off" => good[..^3],
            "text" => "GGUF is no ONNX"u8.ToArray(),
            "huge string length" => [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1],
            "endless number" => [0x08, .. Enumerable.Repeat((byte)0xFF, 12)],
            "invalid UTF-8" => OnnxBytes.Bytes(new ProtobufWriter().Integer(1, 10).Bytes(2, [0xC3, 0x28])),
            "group field" => [0x0B, 0x0C],
            "IR version 0" => OnnxBytes.Bytes(new ProtobufWriter().Integer(1, 0)),
            "negative dimension" => OnnxBytes.Model(bad),
            "overflowing dimensions" => OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [1L << 40, 1L << 40], 0)),
            "overflowing bytes" => OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [1L << 30, 1L << 31], 0)),
            "too many dimensions" => OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [.. Enumerable.Repeat(1L, 17)], 4)),
            "data shorter than dimensions" => OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [4], 12)),
            "no data" => OnnxBytes.Model(new ProtobufWriter().Integer(1, 4).Integer(2, 1).Text(8, "a")),
            "unknown data type" => OnnxBytes.Model(OnnxBytes.Tensor("a", (OnnxDataType)99, [4], 16)),
            "two tensors of one name" => OnnxBytes.Model(OnnxBytes.Tensor("a", Float, [1], 4), OnnxBytes.Tensor("a", Float, [1], 4)),
            "two inputs of one name" => OnnxBytes.Model([], [], graph => graph.Message(11, OnnxBytes.Value("x", 1)).Message(11, OnnxBytes.Value("x", 2))),
            "two graphs" => OnnxBytes.Model([], [], null, model => model.Message(7, new ProtobufWriter())),
            "sparse tensor" => OnnxBytes.Model([], [], graph => graph.Message(15, new ProtobufWriter())),
            "negative input dimension" => OnnxBytes.Model([], [], graph => graph.Message(11, OnnxBytes.Value("x", -5))),
            "nested graphs" => OnnxBytes.Model([], [Nested(40)]),
            "nested types" => OnnxBytes.Model([], [], graph => graph.Message(11, new ProtobufWriter().Text(1, "x").Message(2, NestedType(40)))),
            "metadata twice" => OnnxBytes.Model([], [], null, model => model.Message(14, OnnxBytes.Entry("k", "1")).Message(14, OnnxBytes.Entry("k", "2"))),
            "tensor in an attribute" => OnnxBytes.Model([], [new ProtobufWriter().Text(4, "Constant").Message(5, new ProtobufWriter().Message(5, bad))]),
            "tensor in a function" => OnnxBytes.Model([], [], null, model => model.Message(25,
                new ProtobufWriter().Message(7, new ProtobufWriter().Text(4, "Constant").Message(5, new ProtobufWriter().Message(10, bad))))),
            "data location 7" => OnnxBytes.Model(new ProtobufWriter().Integer(1, 4).Integer(2, 1).Text(8, "a").Integer(14, 7)),
            _ => throw new UnreachableException(),
        };
    }

    private static ProtobufWriter Nested(int depth) => new ProtobufWriter().Text(4, "If")
        .Message(5, depth == 0 ? new ProtobufWriter() : new ProtobufWriter().Message(6, new ProtobufWriter().Message(1, Nested(depth - 1))));

    private static ProtobufWriter NestedType(int depth) =>
        depth == 0 ? new ProtobufWriter() : new ProtobufWriter().Message(4, new ProtobufWriter().Message(1, NestedType(depth - 1)));

    private static void Make(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
