using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Storage.Tests.Documents;

public sealed class When_a_process_owns_a_run
{
    [Fact]
    public void This_process_is_alive() => Assert.True(RunOwner.Current().IsAlive());

    [Fact]
    public void A_later_process_with_the_same_id_is_another() =>
        Assert.False((RunOwner.Current() with { ProcessStart = "1" }).IsAlive());

    [Fact]
    public void A_process_before_the_last_boot_is_dead() =>
        Assert.False((RunOwner.Current() with { BootId = "before" }).IsAlive());

    [Fact]
    public void An_id_that_nobody_has_is_dead() =>
        Assert.False((RunOwner.Current() with { ProcessId = int.MaxValue }).IsAlive());
}
