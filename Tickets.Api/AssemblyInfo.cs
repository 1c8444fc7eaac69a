// Its commands are found by this.
[assembly: JasperFx.JasperFxAssembly]
