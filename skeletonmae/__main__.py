"`python -m skeletonmae` is the `skeletonmae` command."
if __name__ == '__main__':
    from skeletonmae.app.cli import main
    main()
