using System.Security.Cryptography;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Launching;
using EdgeBench.Devices.Transfer;
using EdgeBench.Devices.Wire;
using EdgeBench.Testing;
using Microsoft.Win32.SafeHandles;

namespace EdgeBench.Agent.Tests;

public sealed class TransferTests : IDisposable
{
    private readonly TemporaryFolder _here = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task Files_arrive_whole_under_their_names_and_are_sent_once()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile[] files = [NewFile("model.onnx", (3 << 20) + 7), NewFile("model.onnx.data", 1 << 20), NewFile("empty", 0), NewFile("a b(1)+c-d_e.txt", 1)];
        Counter first = new(), second = new();
        SentFiles sent = await new FileSender(agent, 0).SendAsync(files, first, Cancellation);
        Assert.Null(sent.Failure);
        foreach (LocalFile file in files) Assert.Equal(await File.ReadAllBytesAsync(file.Path, Cancellation), await File.ReadAllBytesAsync(Path.Combine(sent.Folder!, file.Name), Cancellation));
        Assert.Equal(6, first.Reports);
        Assert.Equal(sent, await new FileSender(agent, 0).SendAsync(files, second, Cancellation));
        Assert.Equal(0, second.Reports);
    }

    [Fact]
    public async Task A_trial_runs_on_what_was_sent()
    {
        await using AgentConnection agent = await ConnectAsync();
        TrialRequest here = Double.Request("measure") with { Data = new Dictionary<string, DataFile> { ["text"] = new(Double.Artifact.Path, Double.Artifact.Sha256) } };
        (TrialRequest there, TrialFailure? failure) = await RequestFiles.SendAsync(new FileSender(agent, 0), here, null, Cancellation);
        Assert.Null(failure);
        Assert.All([there.Artifact.Path, there.Reference!.Path, there.Data["text"].Path], path => Assert.NotEqual(here.Artifact.Path, path));
        Assert.Null((await agent.RunTrialAsync(there, Cancellation)).Failure);
    }

    [Fact]
    public async Task An_artifacts_adapter_lies_beside_it_on_the_device_and_is_checked_with_it()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile model = NewFile("model.gguf", 5000), adapter = NewFile(ArtifactPart.Adapter, 300);
        string hash = adapter.Sha256;
        TrialRequest here = Double.Request("measure") with { Artifact = new(model.Path, "gguf", 5000, model.Sha256) { Parts = [new(ArtifactPart.Adapter, 300, hash)] } };
        (TrialRequest there, TrialFailure? failure) = await RequestFiles.SendAsync(new FileSender(agent, 0), here, null, Cancellation);
        Assert.Null(failure);
        string beside = Path.Combine(Path.GetDirectoryName(there.Artifact.Path)!, ArtifactPart.Adapter);
        Assert.NotEqual(adapter.Path, beside);
        Assert.Equal((hash, hash), (ContentHash.OfFile(beside), there.Artifact.Adapter?.Sha256));
        Assert.Null((await agent.RunTrialAsync(there, Cancellation)).Failure);
        File.Delete(beside);
        TrialFailure? lost = (await agent.RunTrialAsync(there, Cancellation)).Failure;
        Assert.Equal(FailureKind.MissingArtifact, lost?.Kind);
        Assert.Contains(ArtifactPart.Adapter, lost!.Message);
    }

    [Fact]
    public async Task A_text_behind_a_symbolic_link_is_sent_whole()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile file = NewFile("text.txt", 5000);
        string link = Path.Combine(Path.GetDirectoryName(file.Path)!, "link.txt");
        File.CreateSymbolicLink(link, file.Path);
        TrialRequest here = Double.Request("measure") with { Data = new Dictionary<string, DataFile> { ["text"] = new(link, file.Sha256) } };
        (TrialRequest there, TrialFailure? failure) = await RequestFiles.SendAsync(new FileSender(agent, 0), here, null, Cancellation);
        Assert.Null(failure);
        Assert.Equal(file.Sha256, ContentHash.OfFile(there.Data["text"].Path));
    }

    [Fact]
    public async Task A_transfer_goes_on_from_the_last_whole_block_after_a_kill()
    {
        string folder = Double.NewFolder();
        LocalFile file = NewFile("model.gguf", 9 << 20);
        await using (AgentConnection agent = await ConnectAsync(folder))
        {
            MissingFile missing = Assert.Single((await agent.OfferFilesAsync(Offer(file), Cancellation)).Missing);
            await SendAsync(agent, file, missing.Transfer, 0, 5);
            Assert.Equal(5 << 20, (await agent.TransferStateAsync(missing.Transfer, Cancellation)).Received);
            Processes.Kill(agent.Hello.ProcessId);
        }
        // What a kill in the middle of a write leaves.
        string partial = Assert.Single(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
        await File.AppendAllBytesAsync(partial, new byte[1234], Cancellation);
        await using AgentConnection again = await ConnectAsync(folder);
        MissingFile rest = Assert.Single((await again.OfferFilesAsync(Offer(file), Cancellation)).Missing);
        Assert.Equal(5 << 20, rest.Offset);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData((await File.ReadAllBytesAsync(file.Path, Cancellation)).AsSpan(0, 5 << 20))), rest.Sha256);
        Counter counter = new();
        SentFiles sent = await new FileSender(again, 0).SendAsync([file], counter, Cancellation);
        Assert.Equal(4, counter.Reports);
        Assert.Equal(file.Sha256, ContentHash.OfFile(Path.Combine(sent.Folder!, file.Name)));
        Assert.Empty(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task What_went_bad_in_a_partial_file_is_found_before_more_is_sent_and_sent_anew(int blocks)
    {
        string folder = Double.NewFolder();
        LocalFile file = NewFile("model.gguf", 4 << 20);
        await using (AgentConnection first = await ConnectAsync(folder))
        {
            MissingFile missing = Assert.Single((await first.OfferFilesAsync(Offer(file), Cancellation)).Missing);
            await SendAsync(first, file, missing.Transfer, 0, blocks);
            Assert.Equal(blocks << 20, (await first.TransferStateAsync(missing.Transfer, Cancellation)).Received);
        }
        string partial = Assert.Single(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
        using (FileStream stream = new(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            int was = stream.ReadByte();
            stream.Position = 0;
            stream.WriteByte((byte)(was ^ 1));
        }
        await using AgentConnection agent = await ConnectAsync(folder);
        Counter counter = new();
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], counter, Cancellation);
        Assert.Null(sent.Failure);
        Assert.Equal(4, counter.Reports);
        Assert.Equal(file.Sha256, ContentHash.OfFile(Path.Combine(sent.Folder!, file.Name)));
    }

    [Fact]
    public async Task A_received_file_that_changed_since_is_sent_anew()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile file = NewFile("text", 1000);
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], null, Cancellation);
        await File.WriteAllBytesAsync(Path.Combine(sent.Folder!, "text"), new byte[1000], Cancellation);
        Counter counter = new();
        Assert.Equal(sent, await new FileSender(agent, 0).SendAsync([file], counter, Cancellation));
        Assert.Equal(1, counter.Reports);
        Assert.Equal(file.Sha256, ContentHash.OfFile(Path.Combine(sent.Folder!, "text")));
    }

    [Fact]
    public async Task A_misplaced_and_an_excessive_block_stop_their_file_with_a_reason()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile file = NewFile("model.gguf", 2 << 20);
        MissingFile missing = Assert.Single((await agent.OfferFilesAsync(Offer(file), Cancellation)).Missing);
        await SendAsync(agent, file, missing.Transfer, 1, 2);
        await SendAsync(agent, file, missing.Transfer, 0, 2);
        TransferState state = await agent.TransferStateAsync(missing.Transfer, Cancellation);
        Assert.Equal(0, state.Received);
        Assert.Contains("expected 0", state.Problem?.Message, StringComparison.Ordinal);
        LocalFile small = file with { Bytes = 10, Sha256 = new string('0', 64) };
        MissingFile wanted = Assert.Single((await agent.OfferFilesAsync(Offer(small), Cancellation)).Missing);
        await SendAsync(agent, file, wanted.Transfer, 0, 1);
        Assert.Contains("ends after its 10 bytes", (await agent.TransferStateAsync(wanted.Transfer, Cancellation)).Problem?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_block_that_was_damaged_on_its_way_is_found_before_its_file_gets_its_name_and_nothing_of_it_stays(int damaged)
    {
        string folder = Double.NewFolder();
        await using AgentConnection agent = await ConnectAsync(folder);
        LocalFile file = NewFile("model.gguf", (3 << 20) + 100);
        OfferAnswer answer = await agent.OfferFilesAsync(Offer(file), Cancellation);
        LocalFile other = Damaged(file, (damaged << 20) + 99);
        for (int i = 0; i < 4; i++) await SendAsync(agent, i == damaged ? other : file, Assert.Single(answer.Missing).Transfer, i, i + 1);
        CommitAnswer commit = await agent.CommitFilesAsync(answer.Set, Cancellation);
        Assert.Null(commit.Folder);
        Assert.Contains($"expected {file.Sha256}", commit.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "*model*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
        Counter counter = new();
        Assert.Null((await new FileSender(agent, 0).SendAsync([file], counter, Cancellation)).Failure);
        Assert.Equal(4, counter.Reports);
    }

    [Fact]
    public async Task Only_the_first_block_after_an_offer_begins_a_file_anew()
    {
        string folder = Double.NewFolder();
        LocalFile file = NewFile("model.gguf", 3 << 20);
        await using (AgentConnection first = await ConnectAsync(folder))
        {
            MissingFile missing = Assert.Single((await first.OfferFilesAsync(Offer(file), Cancellation)).Missing);
            await SendAsync(first, file, missing.Transfer, 0, 1);
            Assert.Equal(1 << 20, (await first.TransferStateAsync(missing.Transfer, Cancellation)).Received);
        }
        await using AgentConnection agent = await ConnectAsync(folder);
        MissingFile rest = Assert.Single((await agent.OfferFilesAsync(Offer(file), Cancellation)).Missing);
        await SendAsync(agent, file, rest.Transfer, 1, 2);
        await SendAsync(agent, file, rest.Transfer, 0, 1);
        TransferState state = await agent.TransferStateAsync(rest.Transfer, Cancellation);
        Assert.Equal(2 << 20, state.Received);
        Assert.Contains($"at 0; expected {2 << 20}", state.Problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_that_its_file_does_not_have_ends_no_connection()
    {
        await using AgentConnection agent = await ConnectAsync();
        LocalFile file = NewFile("model.gguf", 2 << 20);
        MissingFile missing = Assert.Single((await agent.OfferFilesAsync(Offer(file), Cancellation)).Missing);
        using SafeFileHandle handle = File.OpenHandle(file.Path, access: FileAccess.ReadWrite);
        RandomAccess.SetLength(handle, 5000);
        Assert.False(await agent.SendBlockAsync(new FilePiece(handle, missing.Transfer, 0, Block.DataBytes), Cancellation));
        Assert.Equal(1 << 20, (await agent.TransferStateAsync(missing.Transfer, Cancellation)).Received);
        LocalFile whole = NewFile("model.gguf", 3 << 20);
        Assert.Null((await new FileSender(agent, 0).SendAsync([whole], null, Cancellation)).Failure);
    }

    [Fact]
    public async Task A_file_that_changed_here_since_it_was_hashed_is_refused_there()
    {
        string folder = Double.NewFolder();
        await using AgentConnection agent = await ConnectAsync(folder);
        LocalFile file = NewFile("model.gguf", 2 << 20);
        File.Copy(Damaged(file, 12345).Path, file.Path, overwrite: true);
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], null, Cancellation);
        Assert.Contains($"expected {file.Sha256}", sent.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "*model*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_announced_is_a_failure_and_leaves_nothing()
    {
        string folder = Double.NewFolder();
        await using AgentConnection agent = await ConnectAsync(folder);
        LocalFile file = NewFile("model.gguf", 5000) with { Sha256 = new string('a', 64) };
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], null, Cancellation);
        Assert.Equal(FailureKind.MissingArtifact, sent.Failure?.Kind);
        Assert.Contains("expected aaaa", sent.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder, "*model*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../model")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData(".hidden")]
    [InlineData("-rf")]
    [InlineData("ünsafe")]
    public async Task A_name_that_is_no_plain_file_name_is_refused(string name)
    {
        string folder = Double.NewFolder();
        await using AgentConnection agent = await ConnectAsync(folder);
        OfferAnswer answer = await agent.OfferFilesAsync(Offer(NewFile("good", 10) with { Name = name }), Cancellation);
        Assert.Equal(FailureKind.Protocol, answer.Refusal?.Kind);
        Assert.Empty(answer.Missing);
        Assert.False(Directory.Exists(Path.Combine(folder, "incoming")));
    }

    [Fact]
    public async Task Names_that_differ_by_case_alone_are_refused()
    {
        await using AgentConnection agent = await ConnectAsync();
        FileOffer offer = Offer(NewFile("Model", 1), NewFile("model", 2));
        Assert.Contains("twice", (await agent.OfferFilesAsync(offer, Cancellation)).Refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sets_are_no_paths()
    {
        await using AgentConnection agent = await ConnectAsync();
        Assert.NotNull((await agent.CommitFilesAsync("../received", Cancellation)).Failure);
        BackendReport report = await agent.InstallBackendAsync(new BackendPackage("llamacpp", Double.Request("measure").Parameters, "/etc"), Cancellation);
        Assert.False(report.Installed);
    }

    [Fact]
    public async Task Files_without_the_lease_are_refused()
    {
        await using AgentConnection agent = await Double.ConnectAsync();
        Assert.Contains("lease", (await agent.OfferFilesAsync(Offer(NewFile("f", 1)), Cancellation)).Refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_least_recently_used_goes_first_and_what_is_in_use_stays()
    {
        await using AgentConnection agent = await ConnectAsync();
        FileSender sender = new(agent, 2500);
        LocalFile[] files = [NewFile("one", 1000), NewFile("two", 1000), NewFile("three", 1000), NewFile("four", 1000)];
        List<string> folders = [];
        foreach (LocalFile file in files[..2]) folders.Add((await sender.SendAsync([file], null, Cancellation)).Folder!);
        // All that was sent since the last trial belongs to the next: there is no room for a third.
        SentFiles third = await sender.SendAsync([files[2]], null, Cancellation);
        Assert.Contains("cache limit of 2500 bytes", third.Failure?.Message, StringComparison.Ordinal);
        Assert.Null((await agent.RunTrialAsync(Double.Request("measure"), Cancellation)).Failure);
        Assert.Equal(folders[0], (await sender.SendAsync([files[0]], null, Cancellation)).Folder);
        Assert.Null((await sender.SendAsync([files[3]], null, Cancellation)).Failure);
        Assert.True(Directory.Exists(folders[0]));
        Assert.False(Directory.Exists(folders[1]));
    }

    [Fact]
    public async Task A_disk_that_fills_up_is_told_and_the_transfer_goes_on_once_there_is_room()
    {
        using SmallDisk disk = SmallDisk.Mount(120);
        await using AgentConnection agent = await ConnectAsync(disk.Path);
        Assert.Contains("has no room", (await agent.OfferFilesAsync(Offer(NewFile("large", 1) with { Bytes = 100 << 20 }), Cancellation)).Refusal?.Message, StringComparison.Ordinal);
        LocalFile file = NewFile("model.gguf", 20 << 20);
        MissingFile missing = Assert.Single((await agent.OfferFilesAsync(Offer(file), Cancellation)).Missing);
        await SendAsync(agent, file, missing.Transfer, 0, 5);
        Assert.Null((await agent.TransferStateAsync(missing.Transfer, Cancellation)).Problem);
        string filler = disk.Fill();
        await SendAsync(agent, file, missing.Transfer, 5, 20);
        TransferState full = await agent.TransferStateAsync(missing.Transfer, Cancellation);
        Assert.Contains("is full", full.Problem?.Message, StringComparison.Ordinal);
        Assert.InRange(full.Received, 5 << 20, 19 << 20);
        File.Delete(filler);
        Counter counter = new();
        SentFiles sent = await new FileSender(agent, 0).SendAsync([file], counter, Cancellation);
        Assert.Null(sent.Failure);
        Assert.InRange(counter.Reports, 1, 15);
    }

    private async Task<AgentConnection> ConnectAsync(string? folder = null)
    {
        AgentConnection agent = await Double.ConnectAsync(folder: folder);
        Assert.Null((await agent.TakeLeaseAsync(new LeaseRequest("tests", Path.GetFileName(_here.Path), KeepOutcomes: false), Cancellation)).Busy);
        return agent;
    }

    private LocalFile NewFile(string name, int bytes)
    {
        string path = _here.File(name);
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(bytes));
        return LocalFile.Of(path) with { Name = name };
    }

    private static FileOffer Offer(params LocalFile[] files) => new([.. files.Select(file => new OfferedFile(file.Name, file.Bytes, file.Sha256))], 0);

    private static async Task SendAsync(AgentConnection agent, LocalFile file, int transfer, int from, int to)
    {
        using SafeFileHandle handle = File.OpenHandle(file.Path);
        for (long offset = (long)from * Block.DataBytes; offset < (long)to * Block.DataBytes; offset += Block.DataBytes)
            Assert.True(await agent.SendBlockAsync(new FilePiece(handle, transfer, offset, (int)Math.Min(Block.DataBytes, file.Bytes - offset)), Cancellation));
    }

    // A copy with one bit flipped.
    private LocalFile Damaged(LocalFile file, int at)
    {
        byte[] bytes = File.ReadAllBytes(file.Path);
        bytes[at] ^= 1;
        string path = _here.File("damaged");
        File.WriteAllBytes(path, bytes);
        return file with { Path = path };
    }

    private sealed class Counter : IProgress<long>
    {
        public int Reports { get; private set; }

        public void Report(long value) => Reports++;
    }
}
