using EdgeBench.Backends.OnnxRuntime;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

public sealed class OnnxRuntimeBackendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OnnxRuntimeBackendTests() => OnnxFixture.Export(TinyDecoder.Write(_folder.File("tiny.gguf"), "llama"), _folder.File("onnx"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_library_that_comes_with_EdgeBench_is_found()
    {
        BackendStatus status = OnnxFixture.Backend.Probe(OnnxFixture.Options());
        Assert.True(status.Installed, status.Problem);
        Assert.True(Directory.Exists(status.Folder));
    }

    [Fact]
    public void A_folder_without_the_library_is_named()
    {
        BackendStatus status = OnnxFixture.Backend.Probe(OnnxFixture.Options(new() { Path = _folder.Path }));
        Assert.False(status.Installed);
        Assert.Contains(_folder.Path, status.Problem);
    }

    [Fact]
    public void An_export_is_not_refused() => Assert.Null(Refuse());

    public static TheoryData<string, string> Refused => new()
    {
        { "threads", "0 threads; onnxruntime takes 1 to 512" },
        { "context", "1024 tokens; the model's rotary tables hold 512" },
        { "option", "'context: 16' is less than the 64 tokens" },
        { "format", "onnxruntime runs onnx, not gguf" },
        { "missing", "is not there" },
        { "tokenizer", "no tokenizer: " },
        { "gguf", "is no field of ONNX" },
        { "names", "no Int64 input 'ids'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_run_is_refused_with_its_reason(string what, string message)
    {
        if (what == "tokenizer") File.Delete(Path.Combine(_folder.File("onnx"), OnnxExporter.TokenizerFile));
        if (what == "gguf") File.Copy(_folder.File("tiny.gguf"), Path.Combine(_folder.File("onnx"), OnnxExporter.ModelFile), overwrite: true);
        TrialFailure? failure = what switch
        {
            "threads" => Refuse(needs: new(0, 64, 1)),
            "context" => Refuse(needs: new(1, 1024, 1)),
            "option" => Refuse(new() { Context = 16 }),
            "format" => OnnxFixture.Backend.Refuse(new(_folder.File("tiny.gguf"), "gguf", 0, ""), OnnxFixture.Options(), new(1, 64, 1)),
            "missing" => OnnxFixture.Backend.Refuse(OnnxFixture.Artifact(_folder.Path), OnnxFixture.Options(), new(1, 64, 1)),
            "names" => Refuse(new() { Names = new() { Tokens = "ids" } }),
            _ => Refuse(),
        };
        Assert.NotNull(failure);
        Assert.Equal(what == "missing" ? FailureKind.MissingArtifact : FailureKind.Unsupported, failure.Kind);
        Assert.Contains(message, failure.Message);
    }

    [Theory]
    [InlineData("cuda", "This build of ONNX Runtime has no execution provider 'cuda'; it has CPU")]
    [InlineData("nonsense", "This build of ONNX Runtime has no execution provider 'nonsense'; it has CPU")]
    public void A_provider_that_the_build_lacks_is_refused_naming_those_it_has(string provider, string message)
    {
        TrialException exception = Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("onnx"), new() { Provider = provider }).Dispose());
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains(message, exception.Message);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("=1")]
    [InlineData("a=1;a=2")]
    public void Provider_options_that_are_no_pairs_are_refused(string text) =>
        Assert.Contains("'provider_options' holds", Assert.Throws<TrialException>(() => OnnxSessionSettings.Pairs(text)).Message);

    [Fact]
    public void Provider_options_are_split_at_semicolons() =>
        Assert.Equal(new Dictionary<string, string> { ["device_id"] = "0", ["path"] = "a=b" }, OnnxSessionSettings.Pairs(" device_id = 0 ; path=a=b;"));

    [Fact]
    public void A_provider_library_that_is_none_is_refused()
    {
        TrialException exception = Assert.Throws<TrialException>(() =>
            OnnxFixture.Open(_folder.File("onnx"), new() { Provider = "made-up", ProviderLibrary = _folder.File("tiny.gguf") }).Dispose());
        Assert.Contains("Execution provider 'made-up' cannot be set up", exception.Message);
    }

    [Fact]
    public void A_file_with_an_unknown_operator_is_unsupported_with_the_librarys_words()
    {
        string path = Path.Combine(_folder.File("onnx"), OnnxExporter.ModelFile);
        byte[] model = File.ReadAllBytes(path);
        byte[] from = "QuickGelu"u8.ToArray(), to = "SlickGelu"u8.ToArray();
        for (int at = model.AsSpan().IndexOf(from); at >= 0; at = model.AsSpan().IndexOf(from)) to.CopyTo(model, at);
        File.WriteAllBytes(path, model);
        TrialException exception = Assert.Throws<TrialException>(() => OnnxFixture.Open(_folder.File("onnx")).Dispose());
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        Assert.Contains("SlickGelu", exception.Message);
    }

    private TrialFailure? Refuse(OnnxRuntimeOptions? options = null, SessionNeeds? needs = null) =>
        OnnxFixture.Backend.Refuse(OnnxFixture.Artifact(_folder.File("onnx")), OnnxFixture.Options(options), needs ?? new(1, 64, 1));
}
