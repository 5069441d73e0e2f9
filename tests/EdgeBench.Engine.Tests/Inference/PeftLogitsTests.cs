using EdgeBench.Engine.Inference.Adapters;
using EdgeBench.Kernels.Transformer;
using EdgeBench.Models.Adapters;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Engine.Tests.Inference;

/// <summary>Adapters that PEFT saved, converted and run, against the logits that PEFT itself gave for tokens 0 to 15.</summary>
public sealed class PeftLogitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora-r8-qv")]
    [InlineData("rslora-all-linear")]
    public void A_converted_adapter_gives_pefts_logits(string name)
    {
        string samples = RepositoryFiles.Shared("samples/peft-0.21.2"), path = _folder.File("base.gguf"), adapter = _folder.File("adapter.gguf");
        using (FolderImport import = FolderImport.Open(Path.Combine(samples, "tiny-base"), new ImportOptions(Tokenizer: false))) GgufWriter.Write(path, import.Metadata, import.Tensors);
        GgufAdapter.Write(adapter, PeftFolder.Read(Path.Combine(samples, name)), AdapterBase.Open(path));
        float[] expected = Npy(Path.Combine(samples, name, "expected_logits_arange16.npy"));
        int[] tokens = [.. Enumerable.Range(0, 16)];
        using TestRun plain = new(path, kv: KvFormat.F32), batch = new(path, kv: KvFormat.F32, adapters: [LoraFile.Read(adapter)]), single = new(path, kv: KvFormat.F32, adapters: [LoraFile.Read(adapter)]);
        float[] without = plain.Batched(tokens);
        // The adapters change logits by more than that, so that one on other rows would be seen.
        Assert.True(expected.Zip(without, (a, b) => Math.Abs(a - b)).Max() > 1e-2);
        Near.Absolute(expected, batch.Batched(tokens), 1e-4);
        Near.Absolute(expected, single.Decoded(tokens), 1e-4);
    }

    // NumPy's format, version 1: magic, two bytes of version, two of the header's length, the header, the values.
    private static float[] Npy(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.Contains("'descr': '<f4', 'fortran_order': False", System.Text.Encoding.ASCII.GetString(bytes, 10, start - 10));
        return [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start))];
    }
}
