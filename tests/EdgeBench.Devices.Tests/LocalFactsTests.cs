using System.Runtime.InteropServices;
using EdgeBench.Core.Devices;
using EdgeBench.Devices.Facts;

namespace EdgeBench.Devices.Tests;

public class LocalFactsTests
{
    // As kernels write them: an EPYC guest, and a Raspberry Pi 5 (one block of the four).
    private const string X86 = """
        processor	: 0
        vendor_id	: AuthenticAMD
        model name	: AMD EPYC 9354 32-Core Processor
        cpu MHz		: 3250.000
        flags		: fpu sse4_2 avx f16c fma avx2 hypervisor avx512f avx512bw avx512_vnni

        processor	: 1
        vendor_id	: AuthenticAMD
        model name	: AMD EPYC 9354 32-Core Processor
        cpu MHz		: 3350.000
        flags		: fpu sse4_2 avx f16c fma avx2 hypervisor avx512f avx512bw avx512_vnni
        """;

    private const string Arm = """
        processor	: 0
        BogoMIPS	: 108.00
        Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
        CPU implementer	: 0x41
        CPU architecture: 8
        CPU variant	: 0x4
        CPU part	: 0xd0b
        CPU revision	: 1

        Revision	: d04170
        Model		: Raspberry Pi 5 Model B Rev 1.0
        """;

    [Fact]
    public void A_server_is_described()
    {
        using SystemTree tree = new SystemTree()
            .With("proc/cpuinfo", X86)
            .With("proc/meminfo", "MemTotal:       16384 kB\nMemFree:  1 kB\n")
            .With("etc/os-release", "NAME=Debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
            .With("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
            .With("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n")
            .With("proc/sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n")
            .With("proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1,4\n")
            .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
            .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "3800000\n");
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.X64);
        Assert.Equal("AMD EPYC 9354 32-Core Processor", facts.Processor);
        Assert.Equal("x64", facts.Architecture);
        Assert.Equal(3, facts.Cores);
        Assert.Equal("0-1,4", facts.Details["processors_allowed"]);
        Assert.DoesNotContain("identity", facts.Details.Keys);
        Assert.Equal(16384 * 1024, facts.MemoryBytes);
        Assert.Equal("Debian GNU/Linux 12 (bookworm)", facts.OperatingSystem);
        Assert.Equal("6.1.0-18-amd64", facts.Kernel);
        Assert.Equal("11111111-2222-3333-4444-555555555555", facts.BootId);
        Assert.Equal(["sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512bw", "avx512_vnni"], facts.InstructionSets);
        Assert.Equal("performance", facts.Details["governor"]);
        Assert.Equal("3800", facts.Details["clock_max_mhz"]);
        Assert.Equal("yes", facts.Details["virtual_machine"]);
        Assert.False(facts.Emulated);
        Assert.Equal(16, facts.Id.Length);
        Assert.DoesNotContain("0123456789", facts.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_board_is_described()
    {
        using SystemTree tree = new SystemTree()
            .With("proc/cpuinfo", Arm)
            .With("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
            .With("proc/meminfo", "MemTotal: 8245712 kB\n");
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.Arm64);
        Assert.Equal("1 × Cortex-A76", facts.Processor);
        Assert.Equal("arm64", facts.Architecture);
        Assert.Equal("Raspberry Pi 5 Model B Rev 1.0", facts.Details["board"]);
        Assert.Equal(["asimd", "asimdhp", "asimddp"], facts.InstructionSets);
        Assert.False(facts.Emulated);
        Assert.Contains("machine-id", facts.Details["identity"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("uninitialized\n")]
    [InlineData("0123456789abcdef0123456789abcde\n")]
    [InlineData("0123456789abcdef0123456789abcdeg\n")]
    public void A_machine_id_that_names_no_machine_is_not_used(string text)
    {
        using SystemTree tree = new SystemTree().With("proc/cpuinfo", X86).With("etc/machine-id", text);
        using SystemTree without = new SystemTree().With("proc/cpuinfo", X86);
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.X64);
        Assert.Equal(LocalFacts.Read(without.Root, Architecture.X64).Id, facts.Id);
        Assert.StartsWith("guessed", facts.Details["identity"], StringComparison.Ordinal);
    }

    [Fact]
    public void Two_kinds_of_cores_are_both_named()
    {
        using SystemTree tree = new SystemTree().With("proc/cpuinfo", string.Concat(
            Enumerable.Repeat("processor: 0\nCPU implementer: 0x41\nCPU part: 0xd05\n\n", 4).Concat(
            Enumerable.Repeat("processor: 4\nCPU implementer: 0x41\nCPU part: 0xd41\n\n", 2))));
        Assert.Equal("4 × Cortex-A55 + 2 × Cortex-A78", LocalFacts.Read(tree.Root, Architecture.Arm64).Processor);
    }

    [Fact]
    public void A_foreign_processor_under_an_arm_program_means_an_emulator()
    {
        using SystemTree tree = new SystemTree().With("proc/cpuinfo", X86);
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.Arm64);
        Assert.True(facts.Emulated);
        Assert.Equal("emulated arm64 on AMD EPYC 9354 32-Core Processor", facts.Processor);
        // The host's AVX is nothing that an Arm program could use.
        Assert.Empty(facts.InstructionSets);
    }

    [Fact]
    public void An_emulator_that_shows_the_processor_of_its_own_is_told_by_the_kernel()
    {
        using SystemTree tree = new SystemTree().With("proc/cpuinfo", Arm).With("proc/sys/kernel/arch", "x86_64\n");
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.Arm64);
        Assert.True(facts.Emulated);
        Assert.Equal("1 × Cortex-A76", facts.Processor);
        Assert.Contains("asimddp", facts.InstructionSets);
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_still_described()
    {
        using SystemTree tree = new();
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.X64);
        Assert.Equal("unknown", facts.Processor);
        Assert.Equal(1, facts.Cores);
    }

    [Theory]
    [InlineData("0::/user.slice/job\n", "sys/fs/cgroup/user.slice/memory.max", "4096")]
    [InlineData("0::/user.slice/job\n", "sys/fs/cgroup/user.slice/job/memory.max", "4096")]
    [InlineData("4:memory:/job\n", "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "4096")]
    [InlineData("4:memory:/docker/elsewhere\n", "sys/fs/cgroup/memory/memory.limit_in_bytes", "4096")]
    public void A_group_limit_anywhere_above_counts_as_the_memory(string groups, string file, string limit)
    {
        using SystemTree tree = new SystemTree().With("proc/meminfo", "MemTotal: 1024 kB\n").With("proc/self/cgroup", groups).With(file, limit);
        Assert.Equal(4096, LocalFacts.Read(tree.Root, Architecture.X64).MemoryBytes);
    }

    [Theory]
    [InlineData("0::/\n", "sys/fs/cgroup/memory.max", "max")]
    [InlineData("4:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712")]
    public void No_group_limit_leaves_the_machines_memory(string groups, string file, string limit)
    {
        using SystemTree tree = new SystemTree().With("proc/meminfo", "MemTotal: 1024 kB\n").With("proc/self/cgroup", groups).With(file, limit);
        DeviceFacts facts = LocalFacts.Read(tree.Root, Architecture.X64);
        Assert.Equal(1024 * 1024, facts.MemoryBytes);
        Assert.DoesNotContain("cgroup_memory_bytes", facts.Details.Keys);
    }

    [Theory]
    [InlineData("0::/\n", "sys/fs/cgroup/cpu.max", "150000 100000", "1.5")]
    [InlineData("1:cpu,cpuacct:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000", "0.5")]
    public void A_processor_quota_is_a_detail(string groups, string file, string quota, string expected)
    {
        using SystemTree tree = new SystemTree().With("proc/self/cgroup", groups).With("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000").With(file, quota);
        Assert.Equal(expected, LocalFacts.Read(tree.Root, Architecture.X64).Details["cgroup_cpus"]);
    }

    [Fact]
    public void This_machine_is_described()
    {
        DeviceFacts facts = LocalFacts.Read(SystemRoot.Real);
        Assert.Equal(Environment.ProcessorCount, facts.Cores);
        Assert.InRange(facts.MemoryBytes, 64L << 20, 1L << 50);
        Assert.Equal(facts.Id, LocalFacts.Read(SystemRoot.Real).Id);
    }
}
