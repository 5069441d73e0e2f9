using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Safetensors;
using EdgeBench.Models.Tests.Hostile;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Safetensors;

public sealed class SafetensorsTests : IDisposable
{
    private static readonly Dictionary<string, string> s_metadata = new() { ["format"] = "pt", ["naïve ☃"] = "\"quoted\"" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_comes_back_aligned_to_its_elements() =>
        Gen.Select(Gen.Enum<SafetensorsDtype>(), Gen.Int[0, 5].List[0, 3], Gen.Byte).List[0, 6].Sample(drawn =>
        {
            SafetensorsSource[] sources = [.. drawn.Select((one, i) => Source($"t{i}", one.Item1, [.. one.Item2.Select(length => (long)length)], one.Item3))];
            string path = _folder.File("model.safetensors");
            SafetensorsWriter.Write(path, sources, s_metadata);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.Equal(s_metadata, file.Metadata);
            Assert.Equal(sources.Select(source => source.Name).Order(), file.Tensors.Select(tensor => tensor.Name).Order());
            foreach (((SafetensorsDtype dtype, List<int> _, byte fill), SafetensorsSource source) in drawn.Zip(sources))
            {
                SafetensorsTensor tensor = file.Find(source.Name)!;
                Assert.Equal((dtype, source.Bytes), (tensor.Dtype, tensor.Bytes));
                Assert.Equal(source.Shape, tensor.Shape);
                Assert.Equal(0, tensor.Offset % dtype.Bytes());
                Assert.All(file.Data(tensor, 0, (int)tensor.Bytes).ToArray(), value => Assert.Equal(fill, value));
            }
        }, iter: 60, threads: 1);

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        SafetensorsWriter.Write(_folder.File("a"), [Source("a", SafetensorsDtype.F32, [3], 1), Source("b", SafetensorsDtype.U8, [5], 2)], s_metadata);
        byte[] valid = File.ReadAllBytes(_folder.File("a"));
        for (int length = 0; length < valid.Length; length++)
        {
            File.WriteAllBytes(_folder.File("cut"), valid[..length]);
            Assert.Equal(ExitCode.BadInput, Assert.Throws<EdgeBenchException>(() => SafetensorsFile.Open(_folder.File("cut"))).ExitCode);
        }
    }

    [Fact]
    public void Floats_are_decoded_integers_and_F8_are_refused_by_name()
    {
        byte[] Data(string json, byte[] data) => [.. SafetensorsBytes.File(json), .. data];
        File.WriteAllBytes(_folder.File("a"), Data("{\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]},\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[16,18]},\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[18,20]},"
            + "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[20,28]},\"f8\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[28,29]}}",
            [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-2.5), 0x00, 0x3E, 0xC0, 0x3F, .. new byte[9]]));
        using SafetensorsFile file = SafetensorsFile.Open(_folder.File("a"));
        float[] Values(string name, int count)
        {
            float[] values = new float[count];
            file.Decode(file.Find(name)!, 0, values);
            return values;
        }
        Assert.Equal([0.1f, -2.5f], Values("d", 2));
        Assert.Equal([1.5f], Values("h", 1));
        Assert.Equal([1.5f], Values("b", 1));
        Assert.Contains("I64", Assert.Throws<EdgeBenchException>(() => Values("i", 1)).Message);
        Assert.Contains("F8_E4M3", Assert.Throws<EdgeBenchException>(() => Values("f8", 1)).Message);
    }

    [Fact]
    public void Shards_are_written_and_read_under_their_published_names()
    {
        SafetensorsSource[] sources = [.. Enumerable.Range(0, 5).Select(i => Source($"t{i}", SafetensorsDtype.F32, [4], (byte)i))];
        IReadOnlyList<string> names = SafetensorsWriter.WriteFolder(_folder.Path, sources, s_metadata, shardBytes: 32);
        Assert.Equal(["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors"], names);
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(_folder.File("model.safetensors.index.json")));
        Assert.Equal(80, index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64());
        using SafetensorsModel model = SafetensorsModel.Open(_folder.Path);
        Assert.Equal(sources.Select(source => source.Name), model.Tensors.Select(tensor => tensor.Name));
        foreach (SafetensorsSource source in sources)
        {
            StoredTensor stored = model.Find(source.Name)!;
            Assert.All(stored.File.Data(stored.Tensor, 0, 16).ToArray(), value => Assert.Equal(source.Name[1] - '0', value));
        }
    }

    [Fact]
    public void An_index_and_shards_that_disagree_are_refused()
    {
        File.WriteAllBytes(_folder.File("a.safetensors"), SafetensorsBytes.File(SafetensorsBytes.Tensor("x", "F32", "[1]", "[0,4]"), 4));
        File.WriteAllBytes(_folder.File("b.safetensors"), SafetensorsBytes.File(SafetensorsBytes.Tensor("x", "F32", "[1]", "[0,4]"), 4));
        Assert.Contains("'x' is also in 'a.safetensors'", Refusal("{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\"}}"));
        Assert.Contains("'y' is in no shard", Refusal("{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"a.safetensors\"}}"));
        Assert.Contains("a tensor that the index names", Refusal("{\"weight_map\":{\"z\":\"a.safetensors\"}}"));
        Assert.Contains("weight_map", Refusal("{\"weight_map\":[]}"));
    }

    [Fact]
    public void A_published_file_is_read_with_its_values()
    {
        using SafetensorsFile file = SafetensorsFile.Open(RepositoryFiles.Shared("models/stories260k/model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        SafetensorsTensor tensor = file.Find("model.layers.0.self_attn.k_proj.weight")!;
        Assert.Equal((SafetensorsDtype.F16, "[32, 64]"), (tensor.Dtype, tensor.ShapeText));
        float[] values = new float[tensor.Elements];
        file.Decode(tensor, 0, values);
        Assert.All(values, value => Assert.InRange(MathF.Abs(value), 0, 10));
        Assert.Contains(values, value => value != 0);
    }

    private string Refusal(string index)
    {
        File.WriteAllText(_folder.File("model.safetensors.index.json"), index, new UTF8Encoding(false));
        return Assert.Throws<EdgeBenchException>(() => SafetensorsModel.Open(_folder.Path)).Message;
    }

    private static SafetensorsSource Source(string name, SafetensorsDtype dtype, long[] shape, byte fill)
    {
        byte[] data = new byte[shape.Aggregate(1L, (a, b) => a * b) * dtype.Bytes()];
        Array.Fill(data, fill);
        return new SafetensorsSource(name, dtype, shape, stream => stream.Write(data));
    }
}
