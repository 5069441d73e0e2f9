using EdgeBench.Core.Configuration;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Models.Onnx.Reading;
using EdgeBench.Models.Sources.Synthetic;

namespace EdgeBench.Fuzz.Targets;

/// <summary>An ONNX file's header: every message that the check before a runtime looks at.</summary>
internal sealed class OnnxTarget : IFuzzTarget
{
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), "edgebench-fuzz-no-such-folder");

    public string Name => "onnx";

    public IReadOnlyList<byte[]> Seeds { get; } = [Exported(ExternalData.Auto), Exported(ExternalData.Always)];

    public void Execute(byte[] input)
    {
        OnnxHeader header = OnnxHeader.Read(input, Path.Combine(s_folder, "model.onnx"));
        if (header.ExternalFiles.Count > 0) throw new InvalidOperationException("External data was accepted from a folder that is not there.");
        foreach (OnnxTensorInfo tensor in header.Tensors)
        {
            if (tensor.Elements < 0 || tensor.Bytes < 0) throw new InvalidOperationException($"Tensor {tensor.Name} was accepted with {tensor.Elements} elements.");
        }
    }

    private static byte[] Exported(ExternalData data)
    {
        string folder = Directory.CreateTempSubdirectory("edgebench-fuzz-").FullName;
        try
        {
            string source = Path.Combine(folder, "random.gguf");
            new RandomCheckpoint(new TransformerShape { Layers = 1, Width = 32, Heads = 2, KvHeads = 1, Ffn = 32, Vocabulary = 260, Context = 4, TiedEmbeddings = true }, 1).Write(source, 1);
            using GgufFile file = GgufFile.Open(source);
            OnnxExporter.Export(file, Path.Combine(folder, "out"), new OnnxExportOptions { ExternalData = data });
            return File.ReadAllBytes(Path.Combine(folder, "out", OnnxExporter.ModelFile));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
