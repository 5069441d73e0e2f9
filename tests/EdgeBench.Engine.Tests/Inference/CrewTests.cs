using EdgeBench.Engine.Inference.Threads;

namespace EdgeBench.Engine.Tests.Inference;

public class CrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_member_passes_every_phase_and_every_number_is_given_once(int members)
    {
        const int Phases = 200, Items = 37;
        using Crew crew = new(members);
        int[,] seen = new int[Phases, Items];
        int[] arrived = new int[Phases];
        bool ordered = true;
        for (int dispatch = 0; dispatch < 3; dispatch++)
        {
            Array.Clear(arrived);
            crew.Run(new Work((all, member) =>
            {
                for (int phase = 0; phase < Phases; phase++)
                {
                    Interlocked.Increment(ref arrived[phase]);
                    for (int item; (item = all.Next()) < Items;) Interlocked.Increment(ref seen[phase, item]);
                    all.Barrier();
                    if (Volatile.Read(ref arrived[phase]) != members) ordered = false;
                }
            }));
        }
        Assert.True(ordered, "a member passed a barrier before another had come");
        Assert.All(seen.Cast<int>(), count => Assert.Equal(3, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_item_of_every_phases_shares_is_taken_once(int members)
    {
        int[] totals = [0, 1, 7, 37, 1000, 100_003];
        using Crew crew = new(members);
        int[][] taken = [.. totals.Select(total => new int[total])];
        for (int dispatch = 0; dispatch < 20; dispatch++)
        {
            crew.Run(new Work((all, member) =>
            {
                foreach (int[] items in taken)
                {
                    while (all.TryTake(member, items.Length, out int first, out int end))
                    {
                        for (int i = first; i < end; i++) Interlocked.Increment(ref items[i]);
                    }
                    all.Barrier();
                }
            }));
        }
        Assert.All(taken, items => Assert.All(items, count => Assert.Equal(20, count)));
    }

    [Fact]
    public void Others_do_the_share_of_a_member_that_is_held_up()
    {
        const int Total = 1000;
        int[] takenBy = new int[Total];
        using ManualResetEventSlim done = new();
        using Crew crew = new(2);
        crew.Run(new Work((all, member) =>
        {
            if (member == 0) Assert.True(done.Wait(TimeSpan.FromMinutes(1)));
            while (all.TryTake(member, Total, out int first, out int end)) takenBy.AsSpan(first..end).Fill(member + 1);
            done.Set();
        }));
        Assert.All(takenBy, member => Assert.Equal(2, member));
    }

    [Fact]
    public void Members_that_slept_are_woken()
    {
        using Crew crew = new(3);
        int ran = 0;
        for (int i = 0; i < 3; i++)
        {
            // Far longer than a member spins, before a dispatch and within one.
            Thread.Sleep(30);
            crew.Run(new Work((all, member) =>
            {
                if (member == 0) Thread.Sleep(30);
                all.Barrier();
                Interlocked.Increment(ref ran);
            }));
        }
        Assert.Equal(9, ran);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_members_exception_ends_the_others_and_the_crew_works_on(int failing)
    {
        using Crew crew = new(4);
        for (int i = 0; i < 20; i++)
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => crew.Run(new Work((all, member) =>
            {
                all.Barrier();
                if (member == failing) throw new InvalidOperationException("broken");
                all.Barrier();
                all.Barrier();
            })));
            Assert.Equal("broken", error.Message);
            int ran = 0;
            crew.Run(new Work((all, _) =>
            {
                all.Barrier();
                Interlocked.Increment(ref ran);
            }));
            Assert.Equal(4, ran);
        }
    }

    [Fact]
    public void A_dispatch_allocates_nothing()
    {
        using Crew crew = new(2);
        Work work = new(static (all, _) => all.Barrier());
        for (int i = 0; i < 5; i++) crew.Run(work);
        // Other threads of the process allocate now and then: the least of a few counts.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ =>
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 100; i++) crew.Run(work);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }));
    }

    [Fact]
    public void Members_are_bound_to_processors_of_their_own_and_the_caller_is_let_go()
    {
        int[] allowed = CpuMask.OfThisThread()?.Cpus() ?? [];
        Assert.SkipWhen(allowed.Length < 2, "needs two processors");
        int[][] cpus = new int[2][];
        using (Crew crew = new(2, pin: true))
        {
            crew.Run(new Work((_, member) => cpus[member] = CpuMask.OfThisThread()!.Cpus()));
            Assert.Null(crew.PinProblem);
            Assert.Equal([cpus[0][0], cpus[1][0]], crew.BoundCpus);
        }
        Assert.All(cpus, cpu => Assert.Single(cpu));
        Assert.NotEqual(cpus[0], cpus[1]);
        Assert.Equal(allowed, CpuMask.OfThisThread()!.Cpus());
    }

    [Fact]
    public void More_members_than_processors_are_not_bound_and_that_is_told()
    {
        using Crew crew = new((CpuMask.OfThisThread()?.Cpus().Length ?? 0) + 1, pin: true);
        Assert.NotNull(crew.PinProblem);
        Assert.Empty(crew.BoundCpus);
    }

    private sealed class Work(Action<Crew, int> body) : ICrewWork
    {
        public void Run(Crew crew, int member) => body(crew, member);
    }
}
