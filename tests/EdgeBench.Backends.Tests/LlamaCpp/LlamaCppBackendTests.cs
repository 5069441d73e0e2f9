using System.Text;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Core.Backends;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.LlamaCpp;

public sealed class LlamaCppBackendTests : IDisposable
{
    private static readonly SessionNeeds s_needs = new(1, 64, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_the_library_is_not_installed_and_the_remedy_names_the_command()
    {
        BackendStatus status = LlamaCppFixture.Backend.Probe(LlamaCppFixture.Options(new() { Path = _folder.Path }));
        Assert.False(status.Installed);
        Assert.Contains("holds no libggml-base.so", status.Problem);
        Assert.Contains("edgebench backends install llamacpp", status.Remedy);
        Assert.Contains("there is no folder", LlamaCppFixture.Backend.Probe(LlamaCppFixture.Options(new() { Path = _folder.File("none") })).Problem);
    }

    [Fact]
    public void A_folder_is_recognised_by_its_files_alone()
    {
        foreach (string name in new[] { "libggml-base.so", "libggml.v0.5.0.so", "libggml-cpu-x64.so", "libllama-common.so", "libllama.v0.5.0.so" }) File.WriteAllText(_folder.File(name), "");
        BackendStatus status = LlamaCppFixture.Backend.Probe(LlamaCppFixture.Options(new() { Path = _folder.Path }));
        Assert.Equal(new BackendStatus(true, status.Version, _folder.Path, null, null), status);
        Assert.Matches(@"^0\.5\.0\+sha256:[0-9a-f]{12}$", status.Version);
        Assert.EndsWith("libggml.v0.5.0.so", LlamaCppFolder.Find(_folder.Path, out _)!.Ggml);
        Assert.EndsWith("libllama.v0.5.0.so", LlamaCppFolder.Find(_folder.Path, out _)!.Llama);
    }

    [Theory]
    [InlineData("libllama.so", true)]
    [InlineData("libggml.so", true)]
    [InlineData("libggml-cpu-x64.so", true)]
    [InlineData("libggml-cpu-new.so", true)]
    [InlineData("README", false)]
    public void Another_content_of_a_library_is_another_version(string changed, bool another)
    {
        foreach (string name in new[] { "libggml-base.so", "libggml.so", "libggml-cpu-x64.so", "libllama.so" }) File.WriteAllText(_folder.File(name), "one");
        string? Version() => LlamaCppFixture.Backend.Probe(LlamaCppFixture.Options(new() { Path = _folder.Path })).Version;
        string? before = Version();
        Assert.StartsWith("unknown+sha256:", before);
        Assert.Equal(before, Version());
        File.WriteAllText(_folder.File(changed), "two");
        File.SetLastWriteTimeUtc(_folder.File(changed), DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(another, Version() != before);
    }

    [Fact]
    public void A_library_that_kept_size_and_time_is_not_read_again()
    {
        string library = _folder.File("libx.so");
        DateTime old = DateTime.UtcNow.AddMinutes(-1);
        File.WriteAllText(library, "one");
        File.SetLastWriteTimeUtc(library, old);
        string hash = LibraryHashes.Of(library);
        Assert.Equal(ContentHash.OfFile(library), hash);
        File.WriteAllText(library, "two");
        File.SetLastWriteTimeUtc(library, old);
        Assert.Equal(hash, LibraryHashes.Of(library));
        File.SetLastWriteTimeUtc(library, old.AddSeconds(1));
        Assert.Equal(ContentHash.OfFile(library), LibraryHashes.Of(library));
    }

    [Fact]
    public void A_version_is_the_same_wherever_the_libraries_lie()
    {
        string[] versions = [.. new[] { "a", "b" }.Select(folder =>
        {
            Directory.CreateDirectory(_folder.File(folder));
            foreach (string name in new[] { "libggml-base.so", "libggml.so", "libllama.so" }) File.WriteAllText(_folder.File($"{folder}/{name}"), name);
            return LlamaCppFixture.Backend.Probe(LlamaCppFixture.Options(new() { Path = _folder.File(folder) })).Version!;
        })];
        Assert.Equal(versions[0], versions[1]);
    }

    [Fact]
    public void A_folder_of_the_users_own_is_never_installed_into() =>
        Assert.False(LlamaCppFixture.Backend.Installs(LlamaCppFixture.Options(new() { Path = _folder.Path })));

    [Theory]
    [InlineData("0.4.9", "0.25.1")]
    [InlineData("0.5.0", "0.26.0")]
    [InlineData("", "")]
    public void Another_version_is_refused_with_both_versions_and_the_remedy(string llama, string ggml)
    {
        TrialException exception = Assert.Throws<TrialException>(() => LlamaCppLibrary.CheckVersion(llama, ggml, "/somewhere"));
        Assert.Equal(FailureKind.BackendMissing, exception.Failure.Kind);
        Assert.Contains($"llama.cpp {llama} with ggml {ggml}", exception.Message);
        Assert.Contains("understands llama.cpp 0.5.0 with ggml 0.25.1", exception.Message);
        Assert.NotNull(exception.Failure.Remedy);
    }

    [Fact]
    public void A_second_folder_in_one_process_is_refused()
    {
        LlamaCppFixture.Open().Dispose();
        TrialException exception = Assert.Throws<TrialException>(() => LlamaCppLibrary.Load("/elsewhere"));
        Assert.Contains("already loaded from", exception.Message);
    }

    [Fact]
    public void What_cannot_run_is_refused_and_named()
    {
        string text = _folder.File("a.txt");
        File.WriteAllText(text, "no model");
        Assert.Contains("runs gguf, not onnx", Refusal(new ArtifactFile(text, "onnx", 8, "")).Message);
        Assert.Contains("does not start with 'GGUF'", Refusal(LlamaCppFixture.File(text)).Message);
        Assert.Equal(FailureKind.MissingArtifact, Refusal(LlamaCppFixture.File(_folder.File("none.gguf"))).Kind);
        Assert.Contains("'context: 32' is less than the 64 tokens", Refusal(LlamaCppFixture.File(text), new() { Context = 32 }).Message);
        Assert.Contains("needs flash attention", Refusal(LlamaCppFixture.File(text), new() { KvType = KvType.Q8_0, FlashAttention = FlashAttention.Off }).Message);
        Assert.Contains("513 threads", Refusal(LlamaCppFixture.File(text), new() { ThreadsBatch = 513 }).Message);
        Assert.Contains("'batch'", Refusal(LlamaCppFixture.File(text), new() { Batch = 0 }).Message);
    }

    [Fact]
    public void A_truncated_file_is_a_typed_failure_with_the_librarys_words()
    {
        byte[] whole = File.ReadAllBytes(LlamaCppFixture.Stories().Path);
        string path = _folder.File("cut.gguf");
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        TrialException exception = Assert.Throws<TrialException>(() => LlamaCppFixture.Backend.Open(LlamaCppFixture.File(path), LlamaCppFixture.Options(), s_needs).Dispose());
        Assert.Equal(FailureKind.MissingArtifact, exception.Failure.Kind);
        Assert.Contains(path, exception.Message);
        Assert.Contains("not within the file bounds", exception.Message);
    }

    [Fact]
    public void An_unknown_architecture_is_unsupported_and_named()
    {
        byte[] bytes = File.ReadAllBytes(LlamaCppFixture.Stories().Path);
        // The value of general.architecture, in place: key, type 8 (string), length 5, "llama".
        byte[] key = [.. "general.architecture"u8, 8, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];
        int at = bytes.AsSpan().IndexOf(key) + key.Length;
        Encoding.ASCII.GetBytes("lla\u001bX").CopyTo(bytes, at);
        string path = _folder.File("other.gguf");
        File.WriteAllBytes(path, bytes);
        TrialException exception = Assert.Throws<TrialException>(() => LlamaCppFixture.Backend.Open(LlamaCppFixture.File(path), LlamaCppFixture.Options(), s_needs).Dispose());
        Assert.Equal(FailureKind.Unsupported, exception.Failure.Kind);
        // The file's escape character is shown as a space.
        Assert.Contains("unknown model architecture: 'lla X'", exception.Message);
    }

    // The words are llama.cpp's at v0.5.0 (src/llama-kv-cache.cpp, llama-model.cpp, llama-mmap.cpp, ggml/src/ggml-backend.cpp); making it say them takes gigabytes.
    [Theory]
    [InlineData("llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache", FailureKind.OutOfMemory)]
    [InlineData("llama_init_from_model: failed to initialize the context: std::bad_alloc", FailureKind.OutOfMemory)]
    [InlineData("llama_init_from_model: quantized V cache requires flash_attn to be enabled", FailureKind.Unsupported)]
    [InlineData("", FailureKind.Unsupported)]
    public void A_context_that_cannot_be_made_is_typed_by_the_librarys_words(string words, FailureKind kind)
    {
        TrialException exception = LlamaCppFailures.Context(words);
        Assert.Equal(kind, exception.Failure.Kind);
        Assert.Contains(words.Length > 0 ? words : "it gives no reason", exception.Message);
    }

    [Theory]
    [InlineData("llama_model_load: error loading model: unable to allocate CPU buffer", FailureKind.OutOfMemory)]
    [InlineData("llama_model_load: error loading model: unknown model architecture: 'x'", FailureKind.Unsupported)]
    [InlineData("gguf_init_from_reader: tensor 'a' has invalid ggml type 99. should be in [0, 43)", FailureKind.Unsupported)]
    [InlineData("llama_model_load: error loading model: tensor 'a' data is not within the file bounds, model is corrupted or incomplete", FailureKind.MissingArtifact)]
    public void A_model_that_cannot_be_loaded_is_typed_by_the_librarys_words(string words, FailureKind kind)
    {
        string path = _folder.File("there.gguf");
        File.WriteAllText(path, "");
        Assert.Equal(kind, LlamaCppFailures.Load(path, words).Failure.Kind);
    }

    private static TrialFailure Refusal(ArtifactFile artifact, LlamaCppOptions? options = null) =>
        LlamaCppFixture.Backend.Refuse(artifact, LlamaCppFixture.Options(options), s_needs) ?? throw new InvalidOperationException("It was not refused.");
}
